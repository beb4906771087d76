import { type Mailing, wakeMailings } from "./mailings.ts"
import { type Db, pool } from "./pool.ts"

/** A chunk of a mailing: who is sent to by one run, in one request to the provider. */
export interface Chunk {
  mailingId: number
  number: number
  /** The run that is at it, or was last. */
  runId: string
  status: "asked" | "done" | "returned" | "failed"
}

/** A chunk in the mail log: the same whichever run is at it. */
export const nameOf = ({ mailingId, number }: Pick<Chunk, "mailingId" | "number">) =>
  `mailing/${mailingId}/${number}`

/** A chunk by its number. */
export async function findChunk(
  mailingId: number,
  number: number,
  db: Db = pool(),
): Promise<Chunk | undefined> {
  const [chunk] = await db<Chunk[]>`
    select mailing_id, number, run_id, status from mailing_chunks where mailing_id = ${mailingId} and number = ${number}
  `
  return chunk
}

/**
 * Whether the mails of a chunk may be handed over: no pause and no end can be decided between this and the end of the
 * transaction. Those of a mailing that is not being sent wait again, unless some were handed over before: nobody knows whether
 * the provider has them.
 */
export async function mayBegin(chunk: Chunk, tx: Db): Promise<boolean> {
  const { mailingId, number } = chunk
  const [mailing] = await tx<
    { status: string }[]
  >`select status from mailings where id = ${mailingId} for share`
  if (mailing?.status === "sending") return true
  const name = nameOf(chunk)
  const [begun] = await tx`
    select from email_messages
    where run_id = ${name} and (status in ('sent', 'refused') or in_doubt_since is not null)
    limit 1
  `
  if (begun) return true
  await tx`delete from email_messages where run_id = ${name}`
  await tx`update mailing_recipients set chunk = null where mailing_id = ${mailingId} and chunk = ${number}`
  await endChunk(chunk, "returned", tx)
  return false
}

/** End a chunk that was asked for, and have workers look what is next. */
export async function endChunk({ mailingId, number }: Chunk, status: "done" | "returned", tx: Db) {
  await tx`
    update mailing_chunks
    set status = ${status}, error = null, ended_at = now()
    where mailing_id = ${mailingId} and number = ${number}
  `
  await wakeMailings(tx)
}

/** A chunk that has failed, of a mailing that is to be sent: it is asked for again under another run. */
export async function takeFailedChunk(
  { id }: Pick<Mailing, "id">,
  runId: string,
  tx: Db,
): Promise<number | undefined> {
  const [chunk] = await tx<{ number: number }[]>`
    update mailing_chunks
    set status = 'asked', error = null, ended_at = null, asked_at = now(), run_id = ${runId}
    where mailing_id = ${id} and number = (
      select number from mailing_chunks where mailing_id = ${id} and status = 'failed' order by number limit 1
    )
    returning number
  `
  return chunk?.number
}

/** Put recipients that wait into a chunk of their own, so many at most, under a run. Returns its number and size; undefined when none waits. */
export async function takeChunk(
  { id }: Pick<Mailing, "id">,
  runId: string,
  most: number,
  tx: Db,
): Promise<{ number: number; size: number } | undefined> {
  const taken = await tx`
    update mailing_recipients
    set chunk = (select chunks from mailings where id = ${id})
    where id in (
      select id from mailing_recipients where mailing_id = ${id} and chunk is null order by id limit ${most}
    )
  `
  if (taken.count === 0) return undefined
  const [{ number }] = await tx<[{ number: number }]>`
    update mailings set chunks = chunks + 1 where id = ${id} returning chunks - 1 as number
  `
  await tx`insert into mailing_chunks (mailing_id, number, run_id) values (${id}, ${number}, ${runId})`
  return { number, size: taken.count }
}
