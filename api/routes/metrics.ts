import { Elysia } from "elysia"
import { CONTENT_TYPE } from "../../lib/metrics/exposition.ts"
import { allow } from "../access/allow.ts"
import { documentMetrics } from "../documentation/metrics.ts"
import { apiMetrics } from "../metrics/metrics.ts"

/** What is measured of this process and of what it stands on. */
export const metricsRoutes = new Elysia().get(
  "/metrics",
  async ({ set }) => {
    Object.assign(set.headers, { "content-type": CONTENT_TYPE, "cache-control": "no-store" })
    return await apiMetrics().text()
  },
  allow("read", documentMetrics()),
)
