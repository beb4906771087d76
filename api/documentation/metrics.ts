import type { DocumentDecoration } from "elysia"

/** The reference's page on what is measured. */
export const documentMetrics = (): DocumentDecoration => ({
  tags: ["health"],
  summary: "What is measured of the API and of what it stands on, for Prometheus",
  description: "Of runs the workers tell, at their own `/metrics`.",
  operationId: "metrics",
  responses: {
    200: {
      description: "The text format of Prometheus, version 0.0.4",
      content: { "text/plain": { schema: { type: "string" } } },
    },
  },
})
