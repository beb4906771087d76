import { Elysia } from "elysia"
import { allow } from "../access/allow.ts"
import { costMeter } from "../control/cost.ts"
import { documentCost } from "../documentation/admin-jobs.ts"

/** What the queues cost. */
export const costRoutes = new Elysia({ prefix: "/api/admin" }).get(
  "/cost",
  () => costMeter().tell(),
  allow("read", documentCost()),
)
