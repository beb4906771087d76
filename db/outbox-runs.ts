import { askerOf } from "../lib/asker.ts"
import { callbackOf, callbackUrl } from "../lib/callbacks/url.ts"
import { cancelledBy } from "../lib/cancel.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { redact } from "../lib/redact.ts"
import { progressOf, type RunStatus } from "../lib/runs.ts"
import { type Db, pool } from "./pool.ts"
import { asRow, recordRuns } from "./runs.ts"

/** A run that is in the outbox, or was; `became` is another that stands for it. */
export type OutboxRun =
  | { isRelayed: false; status: RunStatus }
  | { isRelayed: true; became: string | null }
  | undefined

interface Row {
  name: string
  data: string | null
  /** As it was written, by SQL perhaps. */
  delay: string | null
  becameId: string | null
  askedAt: number
}

/** A run as the outbox knows it, as it was asked for. */
export async function findInOutbox(job: JobDefinition, id: string, db: Db = pool()): Promise<OutboxRun> {
  const [row] = await db<Row[]>`
    select coalesce(name, ${job.name}) as name, data::text, options ->> 'delay' as delay, became as became_id,
      (extract(epoch from asked_at) * 1000)::bigint as asked_at
    from outbox
    where id = ${id} and queue = any(${namesOf(job)})
  `
  if (!row) return undefined
  if (row.data === null) return { isRelayed: true, became: row.becameId }
  return { isRelayed: false, status: statusOf(job.name, id, row, row.data) }
}

/** SQL may have asked for it by any. */
const namesOf = ({ name, aliases = [] }: JobDefinition) => [name, ...aliases]

function statusOf(queue: string, id: string, { name, delay, askedAt }: Row, data: string): RunStatus {
  const status = Number(delay) > 0 ? "delayed" : "waiting"
  return {
    jobId: id,
    queue,
    name,
    status,
    progress: progressOf(undefined, status),
    data: JSON.parse(data),
    returnValue: null,
    failedReason: null,
    attemptsMade: 0,
    createdAt: askedAt,
    processedOn: null,
    finishedOn: null,
  }
}

/** Cancel a run that waits in the outbox; false when it does not. */
export async function cancelInOutbox(
  job: JobDefinition,
  id: string,
  { actor, reason }: { actor: string; reason?: string | undefined },
): Promise<boolean> {
  return await pool().begin(async (tx) => {
    const [found] = await tx<{ options: string }[]>`
      select options::text
      from outbox
      where id = ${id} and queue = any(${namesOf(job)}) and relayed_at is null
      for update
    `
    const run = found && (await findInOutbox(job, id, tx))
    if (!run || run.isRelayed) return false
    const options: unknown = JSON.parse(found.options)
    await tx`update outbox set relayed_at = now(), data = null, options = '{}' where id = ${id}`
    const { name, data, createdAt } = run.status
    await recordRuns(
      [
        asRow({
          id,
          queue: job.name,
          name,
          status: "cancelled",
          priority: 0,
          payload: redact(job.payload, data) ?? {},
          result: null,
          error: cancelledBy(actor, reason),
          attempts: 0,
          askedAt: createdAt,
          startedAt: null,
          finishedAt: Date.now(),
          askedBy: askerOf(options),
          // SQL may have written anything.
          callbackUrl: callbackUrl.safeParse(callbackOf(options)).data ?? null,
        }),
      ],
      tx,
    )
    return true
  })
}
