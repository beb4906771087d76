import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { json } from "./parts.ts"

const tags = ["health"]

const alive = z.object({
  status: z.literal("ok"),
  uptime: z.int().describe("seconds"),
  warnings: z.array(z.string()).describe("what is wrong with its surroundings, in a sentence each"),
})

const check = z.object({ ok: z.boolean(), latency: z.int().describe("milliseconds") })

const readiness = (status: "ready" | "unavailable") =>
  json(z.object({ status: z.literal(status), checks: z.record(z.string(), check) }), "output")

/** The reference's page on whether the process is alive. */
export const documentHealth: DocumentDecoration = {
  tags,
  security: [],
  summary: "Whether the process is alive, and what is wrong with its surroundings",
  operationId: "health",
  responses: { 200: { description: "It is", content: json(alive, "output") } },
}

/** The reference's page on whether the service can do what it is there for. */
export const documentReady: DocumentDecoration = {
  tags,
  security: [],
  summary: "Whether what the service depends on answers",
  operationId: "ready",
  responses: {
    200: { description: "All of it does", content: readiness("ready") },
    503: { description: "Some does not", content: readiness("unavailable") },
  },
}
