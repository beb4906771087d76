import { Elysia } from "elysia"
import { ZodError } from "zod"
import { noteEvent } from "../../db/email-events.ts"
import { readSigned } from "../../lib/client/signed.ts"
import { problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import { open } from "../access/open.ts"
import { readBytes } from "../body.ts"
import { documentResendWebhook } from "../documentation/resend.ts"
import { apiEnv } from "../env.ts"
import { HttpError } from "../errors.ts"
import { fromPostgres } from "../postgres.ts"
import { readEvent } from "../resend/event.ts"

const AWAY = "PostgreSQL, which keeps what becomes of mails, does not answer: tell it again in a moment"

/** Bytes that an event may have: many times what one has. */
const LIMIT = 256 * 1024

/** Longest id of a message. */
const LONGEST_ID = 256

/** What Resend tells of mails after it has taken them. */
export const resendRoutes = new Elysia().post(
  "/webhooks/resend",
  ({ body, request }) => take(body as Bytes, request),
  open(documentResendWebhook(), (request) => readBytes(request, LIMIT)),
)

type Bytes = Awaited<ReturnType<typeof readBytes>>

/** One that was told before, and one of a mail that is none of ours, are answered as any other: it would be told again. */
async function take(bytes: Bytes, { headers }: Request) {
  const { RESEND_WEBHOOK_SECRET: secret } = apiEnv()
  if (!secret) throw new HttpError(404, "Nothing is taken here: RESEND_WEBHOOK_SECRET is not set")
  // A copy: what the bytes are a part of may hold others.
  const request = { headers, arrayBuffer: async () => new Uint8Array(bytes).buffer }
  const signed = await readSigned(request, secret, { prefix: "svix" })
  if ("why" in signed) throw new HttpError(401, `The message is not one of Resend's: ${signed.why}`)
  if (signed.id.length > LONGEST_ID)
    throw new HttpError(400, `svix-id has more than ${LONGEST_ID} characters`)
  const event = eventOf(signed.id, bytes)
  if (event) await fromPostgres(noteEvent(event), AWAY)
  return { received: true }
}

function eventOf(id: string, bytes: Bytes) {
  try {
    return readEvent(id, JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)))
  } catch (error) {
    if (error instanceof ZodError) throw new PayloadError("Not an event of Resend's", problemsOf(error))
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw new HttpError(400, "The body is not JSON in UTF-8")
    throw error
  }
}
