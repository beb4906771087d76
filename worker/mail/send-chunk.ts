import { beginChunk, type Delivery, markFailed, settleChunk } from "../../db/email-messages.ts"
import { RetryLater } from "../../lib/errors.ts"
import { redactText } from "../../lib/redact.ts"
import type { Run } from "../run.ts"
import type { Chunk } from "./chunks.ts"
import { deliver, type Mail, type Outcome } from "./deliver.ts"

/** A mail as it is written to everybody, and what is kept of it. */
export interface Letter {
  mail: Omit<Mail, "to">
  template: string
  locale: string
}

/**
 * Send the mails of a chunk that have not been sent. `key` is the chunk's own, and who has a mail in it is settled before it is
 * first used: it never comes with another body. Returns what has become of all. Throws as `deliver` does.
 */
export async function sendChunk(chunk: Chunk, letter: Letter, key: string, run: Run): Promise<Delivery[]> {
  const { mail, template, locale } = letter
  const { number, recipients, settled } = chunk
  const deliveries = settled.length
    ? settled
    : await beginChunk({ runId: run.id, chunk: number, recipients, template, locale, subject: mail.subject })
  const pending = deliveries.filter(isPending)
  if (pending.length === 0) return deliveries

  const mails = pending.map(({ recipient }) => ({ ...mail, to: recipient }))
  const outcomes = await deliver(mails, key, run.signal).catch(async (error: Error) => {
    await noteFailure(run, number, error)
    throw error
  })
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
async function noteFailure(run: Run, chunk: number, error: Error) {
  if (error instanceof RetryLater || run.signal.aborted) return
  await markFailed(run.id, chunk, redactText(error.message)).catch(() =>
    run.log("The failure could not be noted with the mail"),
  )
}
