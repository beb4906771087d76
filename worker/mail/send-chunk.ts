import { beginChunk, type Delivery, noteUnsent, settleChunk } from "../../db/email-messages.ts"
import { type Db, pool } from "../../db/pool.ts"
import type { TemplateName } from "../../lib/emails/index.ts"
import { RetryLater } from "../../lib/errors.ts"
import { redactText } from "../../lib/redact.ts"
import type { Run } from "../run.ts"
import { deliver, type Mail, type Outcome, type Undelivered } from "./deliver.ts"

/** A mail as it is written. */
export interface Letter {
  mail: Omit<Mail, "to">
  locale: string
}

/** Mails that go to the provider in one request. */
export interface Post {
  /** Whose they are in the mail log: a run's, or a chunk's of a mailing. */
  log: string
  number: number
  template: TemplateName
  letters: (Letter & { recipient: string })[]
  /** The provider never takes two requests under it. */
  key: string
  list?: { name: string; agencyId: number | null } | undefined
  mailingId?: number
  /** Whether they may be handed over now; no longer when that has changed before the transaction ends. */
  mayBegin?(tx: Db): Promise<boolean>
  /** What is noted with their outcomes. */
  settled?(tx: Db): Promise<void>
}

/** Why a mail is not sent again that was handed over too long ago. */
const LOST =
  "Resend was handed the mail a day ago or earlier, did not say that it took it, and would not know it again: look for it at Resend, and ask for another if it is not there"

/**
 * Send the mails of a chunk that have not been sent. Its key is its own, and who has a mail in it is settled before it is
 * first used: it never comes with another body, nor once Resend may have forgotten it. Returns what has become of all; undefined
 * when it may not begin. Throws RetryLater, PermanentError, or an error to be tried again.
 */
export async function sendChunk(post: Post, run: Run): Promise<Delivery[] | undefined> {
  const deliveries = await begin(post)
  if (!deliveries) return undefined
  const pending = deliveries.filter(isPending)
  const told = await handOver(post, pending, run)
  if (told.length > 0 || post.settled)
    await pool().begin(async (tx) => {
      await settleChunk(post.log, told, tx)
      await post.settled?.(tx)
    })
  return [...deliveries.filter((delivery) => !isPending(delivery)), ...told]
}

const begin = ({ log, number, letters, mayBegin, ...post }: Post) =>
  pool().begin(async (tx) => {
    if (mayBegin && !(await mayBegin(tx))) return undefined
    const told = letters.map(({ recipient, locale, mail: { subject } }) => ({ recipient, locale, subject }))
    return await beginChunk({ runId: log, chunk: number, letters: told, ...post }, tx)
  })

async function handOver({ log, number, letters, key }: Post, pending: Delivery[], run: Run) {
  if (pending.length === 0) return []
  const mailOf = new Map(letters.map(({ recipient, mail }) => [recipient, mail]))
  const outcomes = pending.some(({ isLost }) => isLost)
    ? pending.map(() => ({ refused: LOST }))
    : await deliver(
        pending.map(({ recipient }) => ({ ...mailOf.get(recipient)!, to: recipient })),
        key,
        run.signal,
      )
  if ("failure" in outcomes) {
    await noteFailure(log, number, outcomes, run)
    throw outcomes.failure
  }
  return pending.map((delivery, index) => after(delivery, outcomes[index]!))
}

/** Whether a mail may still be sent. */
export const isPending = ({ status }: Delivery) => status === "sending" || status === "failed"

const after = (delivery: Delivery, outcome: Outcome): Delivery =>
  "refused" in outcome
    ? { ...delivery, status: "refused", providerId: null, error: redactText(outcome.refused) }
    : { ...delivery, status: "sent", providerId: outcome.id, error: null }

/** A mail that is only put off has not failed; and what is known of one that has outweighs that it cannot be noted. */
async function noteFailure(log: string, chunk: number, { failure, mayBeSent }: Undelivered, run: Run) {
  const error = failure instanceof RetryLater ? null : redactText(failure.message)
  await noteUnsent(log, chunk, { error, mayBeSent }).catch(() =>
    run.log("The failure could not be noted with the mail"),
  )
}
