import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { json } from "./json.ts"

const tags = ["health"]

const alive = z.object({
  status: z.literal("ok"),
  uptime: like(z.int(), 86_400).describe("seconds"),
  warnings: like(z.array(z.string()), []).describe("what is wrong with its surroundings, in a sentence each"),
})

const check = z.object({ ok: z.boolean(), latency: z.int().describe("milliseconds") })

const readiness = (status: "ready" | "unavailable") => {
  const checks = { redis: { ok: status === "ready", latency: 1 }, postgres: { ok: true, latency: 2 } }
  const told = z.object({ status: z.literal(status), checks: like(z.record(z.string(), check), checks) })
  return json(told, "output")
}

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
