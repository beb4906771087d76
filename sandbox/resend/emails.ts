import { parseBatch, validationOf } from "./batch.ts"
import { parseJson, readBody } from "./body.ts"
import { type Email, parseEmail } from "./email.ts"
import { Refusal } from "./errors.ts"
import type { Failures } from "./failures.ts"
import type { Handler } from "./guard.ts"
import { createIdempotency, idempotencyKeyOf } from "./idempotency.ts"
import { paginate } from "./pages.ts"
import type { Message, Store } from "./store.ts"

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** The routes of `/emails`: send one, send many, list them, retrieve one. */
export function createEmails(
  store: Store,
  failures: Failures,
  now: () => number,
  accepted: (message: Message) => void,
) {
  const once = createIdempotency(store, now)

  /** The mails of a request: accepted now, or before under the same key. */
  const accept = (request: Request, body: string, emails: Email[], hold: () => Promise<void>) =>
    once(idempotencyKeyOf(request), body, async (identity) => {
      await hold()
      const createdAt = new Date(now()).toISOString()
      const messages = emails.map((email) =>
        store.add({ id: Bun.randomUUIDv7(), createdAt, ...identity, ...email }),
      )
      for (const message of messages) accepted(message)
      return messages
    })

  const send: Handler = (request) =>
    failures.play(request, async (hold, isRefused) => {
      const body = await readBody(request)
      const email = parseEmail(parseJson(body), isRefused)
      const [message] = await accept(request, body, [email], hold)
      return Response.json({ id: message!.id })
    })

  const sendBatch: Handler = (request) =>
    failures.play(request, async (hold, isRefused) => {
      const body = await readBody(request)
      const { emails, errors } = parseBatch(parseJson(body), validationOf(request), isRefused)
      const messages = await accept(request, body, emails, hold)
      return Response.json({ data: messages.map(({ id }) => ({ id })), ...(errors && { errors }) })
    })

  const list: Handler = ({ url }) => {
    const { data, has_more } = paginate(store.messages.toReversed(), new URL(url).searchParams)
    return Response.json({ object: "list", has_more, data: data.map(summaryOf) })
  }

  const retrieve: Handler = ({ params: { id = "" } }) => {
    if (!uuid.test(id)) throw new Refusal("invalid_parameter", { message: "The `id` must be a valid UUID." })
    const message = store.messages.find((message) => message.id === id)
    if (!message) throw new Refusal("not_found", { message: "Email not found" })
    const { html, text, cc, bcc, reply_to, tags } = message
    return Response.json({
      object: "email",
      ...summaryOf(message),
      html,
      text,
      cc,
      bcc,
      reply_to,
      tags: tags ?? [],
    })
  }

  return { send, sendBatch, list, retrieve }
}

function summaryOf(message: Message) {
  const { id, from, to, cc, bcc, reply_to, subject, createdAt, scheduled_at } = message
  return {
    id,
    message_id: `<${id}@resend.sandbox.invalid>`,
    to,
    from,
    created_at: createdAt.replace("T", " ").replace("Z", "+00"),
    subject,
    cc: cc.length ? cc : null,
    bcc: bcc.length ? bcc : null,
    reply_to: reply_to.length ? reply_to : null,
    last_event: scheduled_at ? "scheduled" : "delivered",
    scheduled_at,
  }
}
