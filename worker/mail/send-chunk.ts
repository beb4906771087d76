import { beginChunk, type Delivery, noteUnsent, settleChunk } from "../../db/email-messages.ts"
import { RetryLater } from "../../lib/errors.ts"
import { redactText } from "../../lib/redact.ts"
import type { Run } from "../run.ts"
import type { Chunk } from "./chunks.ts"
import { deliver, type Mail, type Outcome, type Undelivered } from "./deliver.ts"

/** A mail as it is written to everybody, and what is kept of it. */
export interface Letter {
  mail: Omit<Mail, "to">
  template: string
  locale: string
}

/** Why a mail is not sent again that was handed over too long ago. */
const LOST =
  "Resend was handed the mail a day ago or earlier, did not say that it took it, and would not know it again: look for it at Resend, and ask for another if it is not there"

/**
 * Send the mails of a chunk that have not been sent. `key` is the chunk's own, and who has a mail in it is settled before it is
 * first used: it never comes with another body, nor once Resend may have forgotten it. Returns what has become of all. Throws
 * RetryLater, PermanentError, or an error to be tried again.
 */
export async function sendChunk(chunk: Chunk, letter: Letter, key: string, run: Run): Promise<Delivery[]> {
  const { mail, template, locale } = letter
  const { number, recipients } = chunk
  const of = { runId: run.id, chunk: number, recipients, template, locale, subject: mail.subject }
  const deliveries = await beginChunk(of)
  const pending = deliveries.filter(isPending)
  if (pending.length === 0) return deliveries

  const outcomes = pending.some(({ isLost }) => isLost)
    ? pending.map(() => ({ refused: LOST }))
    : await deliver(
        pending.map(({ recipient }) => ({ ...mail, to: recipient })),
        key,
        run.signal,
      )
  if ("failure" in outcomes) {
    await noteFailure(run, number, outcomes)
    throw outcomes.failure
  }
  const told = pending.map((delivery, index) => after(delivery, outcomes[index]!))
  await settleChunk(run.id, told)
  return [...deliveries.filter((delivery) => !isPending(delivery)), ...told]
}

/** Whether a mail may still be sent. */
export const isPending = ({ status }: Delivery) => status === "sending" || status === "failed"

const after = (delivery: Delivery, outcome: Outcome): Delivery =>
  "refused" in outcome
    ? { ...delivery, status: "refused", providerId: null, error: redactText(outcome.refused) }
    : { ...delivery, status: "sent", providerId: outcome.id, error: null }

/** A mail that is only put off has not failed; and what is known of one that has outweighs that it cannot be noted. */
async function noteFailure(run: Run, chunk: number, { failure, mayBeSent }: Undelivered) {
  const error = failure instanceof RetryLater ? null : redactText(failure.message)
  await noteUnsent(run.id, chunk, { error, mayBeSent }).catch(() =>
    run.log("The failure could not be noted with the mail"),
  )
}
