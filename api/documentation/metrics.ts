import type { DocumentDecoration } from "elysia"

const EXAMPLE = `# HELP esteira_http_requests_total Requests answered, by what they are about and status.
# TYPE esteira_http_requests_total counter
esteira_http_requests_total{area="api/jobs",status="202"} 1734
`

/** The reference's page on what is measured. */
export const documentMetrics = (): DocumentDecoration => ({
  tags: ["health"],
  summary: "What is measured of the API and of what it stands on, for Prometheus",
  description: "Of runs the workers tell, at their own `/metrics`.",
  operationId: "metrics",
  responses: {
    200: {
      description: "The text format of Prometheus, version 0.0.4",
      content: { "text/plain": { schema: { type: "string" }, example: EXAMPLE } },
    },
  },
})
