import { sidePool } from "../../db/pool.ts"
import { askerOf } from "../../lib/asker.ts"
import { callbackOf, callbackUrl } from "../../lib/callbacks/url.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createLog } from "../../lib/log.ts"
import { redact } from "../../lib/redact.ts"
import { createTell } from "../../lib/tell.ts"
import { entryOfRun, textOf } from "../ledger/entry.ts"
import { record } from "../ledger/record.ts"
import type { Refused } from "./relay.ts"

/** Characters of a queue's name that are kept, where it is none. */
const LONGEST_NAME = 200

/** Have the ledger tell of rows that asked for nothing that can be run: as failed, without an attempt. */
export async function recordRefused(refused: Refused[], jobs: readonly JobDefinition[]) {
  const log = createLog("Outbox")
  const entries = refused.map(({ row, reason }) => {
    const job = jobs.find(({ name }) => name === row.queue)
    const data: unknown = JSON.parse(row.data)
    const options: unknown = JSON.parse(row.options)
    const tell = job && createTell(job.payload, data)
    const queue = row.queue.slice(0, LONGEST_NAME)
    const error = textOf(reason.message, tell)
    log.error(`Run ${row.id} on queue ${queue} cannot be relayed`, { reason: error })
    return entryOfRun({
      id: row.id,
      queue,
      name: (row.name ?? queue).slice(0, LONGEST_NAME),
      status: "failed",
      priority: 0,
      payload: (job && redact(job.payload, data)) ?? {},
      result: null,
      error,
      attempts: 0,
      askedAt: row.askedAt,
      startedAt: null,
      finishedAt: Date.now(),
      askedBy: askerOf(options),
      callbackUrl: callbackUrl.safeParse(callbackOf(options)).data ?? null,
    })
  })
  await record(entries, sidePool())
}
