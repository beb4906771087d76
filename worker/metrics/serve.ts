import { z } from "zod"
import { defineEnv } from "../../lib/env.ts"
import { isProduction } from "../../lib/log.ts"
import { CONTENT_TYPE } from "../../lib/metrics/exposition.ts"
import { secretMatcher } from "../../lib/secret.ts"

export const metricsEnv = defineEnv({
  METRICS_KEY: z
    .string()
    .min(16, { error: "at least 16 signs" })
    .optional()
    .describe("worker: the key `GET /metrics` asks for; when not set, it answers in development alone"),
})

/** Answers `GET /metrics`: to who has the key, or to anybody in development without one. Unguarded in production, there is no such route. */
export async function serveMetrics(request: Request, text: () => Promise<string>): Promise<Response> {
  const { METRICS_KEY } = metricsEnv()
  if (METRICS_KEY === undefined && isProduction())
    return Response.json({ error: "Not found: set METRICS_KEY to have metrics" }, { status: 404 })
  if (METRICS_KEY !== undefined && !isGiven(request, METRICS_KEY))
    return Response.json(
      { error: "Unauthorized" },
      { status: 401, headers: { "www-authenticate": "Bearer" } },
    )
  return new Response(await text(), {
    headers: { "content-type": CONTENT_TYPE, "cache-control": "no-store" },
  })
}

function isGiven(request: Request, key: string) {
  const [, given = ""] = /^bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "") ?? []
  return secretMatcher(key)(given)
}
