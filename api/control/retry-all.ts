import type { z } from "zod"
import { startBulk } from "../../db/bulk.ts"
import { countFailed } from "../../lib/control/failed-count.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { KEPT } from "../../lib/queues.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { fromPostgres } from "../postgres.ts"
import type { toldRetryAll } from "./told.ts"

const AWAY = "PostgreSQL, which keeps operations on many runs, does not answer: try again in a moment"

/**
 * Have every run of a queue that has failed, and that Redis still holds, tried once more: workers go through them one after the
 * other. Cancelled ones stay.
 */
export async function retryAll(job: JobDefinition, request: Request): Promise<z.output<typeof toldRetryAll>> {
  // The ledger, which the operation goes by, hears of the latest a moment later than Redis.
  const count = await countFailed(job)
  if (count === 0) return { success: true, message: `No run on queue ${job.name} has failed`, count: 0 }

  const from = new Date(Date.now() - KEPT.failed.age * 1_000)
  const filter = { queue: job.name, status: "failed" as const, from }
  const { id } = await fromPostgres(startBulk(filter, "retry", actorOf(request)), AWAY)
  describeChange(request, { target: job.name, after: { operation: id, count } })
  return {
    success: true,
    message: `The failed runs on queue ${job.name} are retried, one after the other: ${count}`,
    count,
    operation: id,
    statusUrl: `/api/admin/bulk/${id}`,
  }
}
