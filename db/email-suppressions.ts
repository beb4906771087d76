import type postgres from "postgres"
import { type MailKind, STOPPED_BY } from "../lib/emails/kinds.ts"
import { type Db, pool } from "./pool.ts"

/** The condition of an address, in small letters, that takes no mail of a kind. */
export const isStopped = (email: postgres.PendingQuery<postgres.Row[]>, kind: MailKind, db: Db) => db`
  exists (select from email_suppressions as stopped where stopped.email = ${email} and reason = any(${STOPPED_BY[kind]}))
`

/** Whether an address takes mail of a kind. */
export async function takesMail(email: string, kind: MailKind, db: Db = pool()): Promise<boolean> {
  const [row] = await db<[{ stopped: boolean }]>`
    select ${isStopped(db`lower(${email}::text)`, kind, db)} as stopped
  `
  return !row.stopped
}
