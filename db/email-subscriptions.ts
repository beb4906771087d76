import type { Subscription } from "../lib/emails/subscription.ts"
import { isStopped } from "./email-suppressions.ts"
import { type Db, pool } from "./pool.ts"

/** How somebody stands to a list. */
export interface Standing {
  /** Whether they want no more of it. */
  isOut: boolean
  /** Whether no mail of any list is sent to their address. */
  isStopped: boolean
  /** Whose list it is. */
  agency: string | null
}

type Subscriber = Omit<Subscription, "locale">

/** How somebody stands to a list. */
export async function standingOf({ email, list, agencyId }: Subscriber, db: Db = pool()): Promise<Standing> {
  const [standing] = await db<[Standing]>`
    select
      exists (
        select from email_unsubscriptions
        where email = ${email} and list = ${list} and agency_id is not distinct from ${agencyId}
      ) as is_out,
      ${isStopped(db`${email}`, "list", db)} as is_stopped,
      (select name from agencies where id = ${agencyId}) as agency
  `
  return standing
}

/** Send somebody no more of a list; once is as good as twice. */
export async function unsubscribe(
  { email, list, agencyId }: Subscriber,
  source: "one-click" | "page",
  db: Db = pool(),
) {
  await db`
    insert into email_unsubscriptions (email, list, agency_id, source)
    values (${email}, ${list}, ${agencyId}, ${source})
    on conflict do nothing
  `
}

/** Send somebody mails of a list again. */
export async function subscribeAgain({ email, list, agencyId }: Subscriber, db: Db = pool()) {
  await db`
    delete from email_unsubscriptions
    where email = ${email} and list = ${list} and agency_id is not distinct from ${agencyId}
  `
}
