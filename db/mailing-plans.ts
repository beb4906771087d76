import type { Chunk } from "./mailing-chunks.ts"
import type { Mailing } from "./mailings.ts"
import type { Db } from "./pool.ts"

/** A mailing whose next chunk may be asked for. */
export type DueMailing = Pick<Mailing, "id" | "perMinute" | "createdBy">

/** Seconds that a mailing may make up for when it was late. */
const MADE_UP = 1

/** Whether this transaction is the only one that asks for chunks, until it ends. */
export async function isAlone(tx: Db): Promise<boolean> {
  const [row] = await tx<
    [{ got: boolean }]
  >`select pg_try_advisory_xact_lock(hashtext('esteira.mailings')) as got`
  return row.got
}

/** Chunks that were asked for and have not ended. */
export async function countAsked(tx: Db): Promise<number> {
  const [row] = await tx<[{ count: number }]>`
    select count(*)::int8 as count from mailing_chunks where status = 'asked'
  `
  return row.count
}

/** There is somebody to send to, or a chunk to send again. */
const hasMore = (tx: Db) => tx`(
  exists (select from mailing_recipients where mailing_id = mailing.id and chunk is null)
  or exists (select from mailing_chunks where mailing_id = mailing.id and status = 'failed')
)`

/** The mailing that is due longest, held until this transaction ends. */
export async function holdDueMailing(tx: Db): Promise<DueMailing | undefined> {
  const [row] = await tx<DueMailing[]>`
    select id, per_minute, created_by
    from mailings as mailing
    where status = 'sending' and due_at <= now() and ${hasMore(tx)}
    order by due_at, id
    limit 1
    for no key update
  `
  return row
}

/** Milliseconds until a mailing is due; undefined while there is none to go on with. */
export async function nextDueMailing(tx: Db): Promise<number | undefined> {
  const [row] = await tx<[{ wait: number | null }]>`
    select (extract(epoch from min(due_at) - now()) * 1000)::float8 as wait
    from mailings as mailing
    where status = 'sending' and ${hasMore(tx)}
  `
  return row.wait === null ? undefined : Math.max(0, row.wait)
}

/** Have a mailing wait as long as its pace asks for after so many mails. */
export async function spaceMailing({ id, perMinute }: DueMailing, mails: number, tx: Db) {
  await tx`
    update mailings
    set due_at = greatest(due_at, now() - ${MADE_UP} * interval '1 second') + ${mails / perMinute} * interval '1 minute',
      updated_at = now()
    where id = ${id}
  `
}

/** End the mailings that have nobody left to send to. */
export async function endMailings(tx: Db) {
  await tx`
    update mailings as mailing
    set status = 'completed', ended_at = now(), updated_at = now()
    where status = 'sending' and not ${hasMore(tx)}
      and not exists (select from mailing_chunks where mailing_id = mailing.id and status = 'asked')
  `
}

/**
 * Note of chunks that their runs have failed, were cancelled or took too long, and pause their mailings: what is wrong with one is likely to
 * be wrong with the next.
 */
export async function failChunks(tx: Db) {
  await tx`
    with failed as (
      update mailing_chunks as chunk
      set status = 'failed', ended_at = now(), error = coalesce(run.error, run.status)
      from runs as run
      where chunk.status = 'asked' and run.id = chunk.run_id and run.status <> 'completed'
      returning chunk.mailing_id, chunk.number, chunk.error
    )
    update mailings
    set status = 'paused', decided_by = 'worker', updated_at = now(),
      reason = format('Chunk %s has failed, and is sent again once the mailing is resumed: %s', failed.number, failed.error)
    from failed
    where mailings.id = failed.mailing_id and status = 'sending'
  `
}

/** Chunks that were asked for long ago, and of whose runs nothing is known here: Redis may have lost them. */
export const forgottenChunks = (
  minutes: number,
  tx: Db,
): Promise<(Chunk & Pick<Mailing, "createdBy">)[]> => tx<(Chunk & Pick<Mailing, "createdBy">)[]>`
  select mailing_id, number, run_id, chunk.status, created_by
  from mailing_chunks as chunk
  join mailings on mailings.id = mailing_id
  where chunk.status = 'asked' and asked_at < now() - ${minutes} * interval '1 minute'
    and not exists (select from runs where runs.id = run_id)
    and not exists (select from outbox where outbox.id = run_id and relayed_at is null)
`

/** Have another run be at a chunk. */
export async function handOver({ mailingId, number }: Chunk, runId: string, tx: Db) {
  await tx`
    update mailing_chunks
    set run_id = ${runId}, asked_at = now()
    where mailing_id = ${mailingId} and number = ${number}
  `
}
