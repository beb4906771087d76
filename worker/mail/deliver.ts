import { z } from "zod"
import { failureOf, isNotTaken, isOfRecipient, refusalOf } from "./refusal.ts"
import { resend } from "./resend.ts"

export interface Mail {
  to: string
  from: string
  subject: string
  html: string
  text: string
  attachments?: Attachment[]
  headers?: Record<string, string>
}

/** A file that goes with a mail; `content` in base64. */
export interface Attachment {
  filename: string
  content: string
  contentType?: string
}

/** What became of a mail: taken under an id (null when an earlier attempt had sent it with other words), or refused for good. */
export type Outcome = { id: string | null } | { refused: string }

/** Why mails were not delivered: RetryLater, PermanentError (all are refused), or an error to be tried again. */
export interface Undelivered {
  failure: Error
  /** Whether Resend may have taken them all the same. */
  mayBeSent: boolean
}

/** Milliseconds that Resend has to answer. */
const PATIENCE = 30_000

const taken = z.object({ id: z.string().min(1) })
const batchTaken = z.object({
  data: z.array(taken),
  errors: z.array(z.object({ index: z.int(), message: z.string() })).default([]),
})

/**
 * Hand mails to Resend in one request: one, or up to 100 without attachments. The same `idempotencyKey` never sends twice
 * within its 24 hours, and has to come with the same mails. Returns what became of each, in their order, or why nothing did.
 * Throws the signal's reason.
 */
export async function deliver(
  mails: Mail[],
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<Outcome[] | Undelivered> {
  const options = { idempotencyKey, signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) }
  const [only, ...others] = mails
  const { data, error, headers } =
    only && others.length === 0
      ? await resend().emails.send(only, options)
      : await resend().batch.send(mails, { ...options, batchValidation: "permissive" })
  const outcomes = outcomesOf(data, mails.length)
  if (outcomes) return outcomes
  signal.throwIfAborted()

  const refusal = refusalOf(error, headers)
  // The key is only kept for what was taken: an earlier attempt sent it, before its template changed.
  if (refusal.name === "invalid_idempotent_request") return mails.map(() => ({ id: null }))
  if (mails.length === 1 && isOfRecipient(refusal)) return [{ refused: refusal.message }]
  return { failure: failureOf(refusal), mayBeSent: !isNotTaken(refusal) }
}

/** What an answer says of each mail; undefined when it does not. */
function outcomesOf(data: unknown, count: number): Outcome[] | undefined {
  const one = taken.safeParse(data)
  if (one.success) return [{ id: one.data.id }]
  const { data: batch } = batchTaken.safeParse(data)
  if (!batch || batch.data.length + batch.errors.length !== count) return undefined
  const refused = new Map(batch.errors.map(({ index, message }) => [index, `Resend: ${message}`]))
  const ids = batch.data.values()
  return Array.from({ length: count }, (_, index) => {
    const reason = refused.get(index)
    return reason === undefined ? { id: ids.next().value!.id } : { refused: reason }
  })
}
