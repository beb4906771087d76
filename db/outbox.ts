import { type Asking, type Outbox, prepareRun, type QueuedRun } from "../lib/enqueue.ts"
import type { EnqueueOptions } from "../lib/enqueue-options.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import type { JobInput } from "../lib/jobs/index.ts"
import { type Db, pool } from "./pool.ts"

/** Where it is told that there is something in the outbox. */
export const OUTBOX_CHANNEL = "esteira_outbox"

/**
 * Ask for a run within a transaction: it is run once that is committed, and never if that is rolled back. Returns its id.
 * Throws PayloadError and PayloadTooLarge.
 */
export async function enqueueIn<J extends JobDefinition>(
  tx: Db,
  job: J,
  data: JobInput<J>,
  options: EnqueueOptions = {},
  asking: Omit<Asking, "outbox"> = {},
): Promise<string> {
  const run = prepareRun(job, data, options, asking)
  await addToOutbox([run], tx)
  return run.id
}

/** Keep runs until a relay brings them into their queues: all of them, or none. One that is kept already is not kept again. */
export async function addToOutbox(runs: QueuedRun[], db: Db = pool()) {
  const each = <T>(field: (run: QueuedRun) => T) => runs.map(field)
  await db`
    insert into outbox (id, queue, name, data, options, is_prepared)
    select id, queue, name, data::json, options::json, true
    from unnest(
      ${each(({ id }) => id)}::text[], ${each(({ queue }) => queue)}::text[], ${each(({ name }) => name)}::text[],
      ${each(({ payload }) => JSON.stringify(payload))}::text[],
      ${each(({ options }) => JSON.stringify(options))}::text[]
    ) as run (id, queue, name, data, options)
    on conflict (id) do nothing
  `
}

/** The outbox that the door uses. */
export const outbox: Outbox = { add: (runs) => addToOutbox(runs) }

/** A run that waits in the outbox, as it was written there. `askedAt` is milliseconds since 1970. */
export interface OutboxRow {
  id: string
  queue: string
  name: string | null
  data: string
  options: string
  isPrepared: boolean
  askedAt: number
}

/** The oldest rows that no other relay is at, at most so many, held until the transaction ends. */
export const takeFromOutbox = async (limit: number, tx: Db): Promise<OutboxRow[]> =>
  await tx<OutboxRow[]>`
    select id, queue, name, data::text, options::text, is_prepared, (extract(epoch from asked_at) * 1000)::bigint as asked_at
    from outbox
    where relayed_at is null
    order by outbox.asked_at, id
    limit ${limit}
    for update skip locked
  `

/** Note that rows have left the outbox; `became` is the run that stands for one, where there was one already. */
export async function markRelayed(rows: { id: string; became?: string | undefined }[], tx: Db) {
  await tx`
    update outbox
    set relayed_at = clock_timestamp(), data = null, options = '{}', became = relayed.became
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ became }) => became ?? null)}::text[])
      as relayed (id, became)
    where outbox.id = relayed.id
  `
}

/**
 * Whether the processor of a run that came through the outbox may start: only from one entry in Redis, named by its `token`,
 * however often that is tried; and not when the run has been done without the outbox.
 */
export async function claimRun(id: string, token: string, db: Db = pool()): Promise<boolean> {
  const [row] = await db<{ isClaimed: boolean; isKnown: boolean }[]>`
    with claimed as (
      update outbox
      set claimed_at = coalesce(claimed_at, now()), claimed_by = ${token}
      where id = ${id} and (
        claimed_by = ${token}
        or claimed_at is null and not exists (select from runs where runs.id = outbox.id and status = 'completed')
      )
      returning id
    )
    select exists (select from claimed) as is_claimed, exists (select from outbox where id = ${id}) as is_known
  `
  return row!.isClaimed || !row!.isKnown
}
