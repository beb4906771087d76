import { type Delivery, deliveriesOf } from "../../db/email-messages.ts"
import type { TemplateName } from "../../lib/emails/index.ts"
import { listOf } from "../../lib/emails/kinds.ts"
import { PermanentError } from "../../lib/errors.ts"
import { email, mailingChunkOf } from "../../lib/jobs/email.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import { fetchAttachments } from "../mail/attachments.ts"
import { type Chunk, chunksOf } from "../mail/chunks.ts"
import { pace } from "../mail/pace.ts"
import { isPending, type Letter, sendChunk } from "../mail/send-chunk.ts"
import { giveWay } from "../mail/urgent.ts"
import { write } from "../mail/write.ts"
import { sendMailing } from "../mailings/send.ts"
import type { Run } from "../run.ts"
import { defineProcessor } from "./define.ts"

/** Mails that Resend takes in one request; with attachments it takes one. */
const BATCH = 100

type Mail = JobPayload<typeof email>

export default defineProcessor(email, (payload, run) => {
  const chunk = mailingChunkOf(payload)
  return chunk ? sendMailing(chunk, run) : send(payload, run)
})

async function send(payload: Mail, run: Run) {
  const recipients = unique(payload.to)
  const toMany = recipients.length > 1
  const chunks = chunksOf(recipients, await deliveriesOf(run.id), payload.attachments?.length ? 1 : BATCH)
  const done = chunks.filter(isDone).flatMap(({ settled }) => settled)
  const open = chunks.filter((chunk) => !isDone(chunk))
  if (open.length === 0) return resultOf(done, run)

  run.progress({ percentage: 0, stage: "rendering", message: `Writing the ${payload.template} mail` })
  const letterFor = await writer(payload, run.signal)
  run.log(`Sending email to ${toMany ? `${recipients.length} recipients` : recipients[0]}`)
  const list = listOf(payload.template)
  const startedAt = Date.now()
  for (const [index, { number, recipients: to }] of open.entries()) {
    if (index > 0) await giveWay(startedAt)
    run.progress(handing(done.length, recipients.length))
    const letters = await Promise.all(
      to.map(async (recipient) => ({ recipient, ...(await letterFor(recipient)) })),
    )
    await pace(run.signal, { toMany })
    const deliveries = await sendChunk(
      {
        log: run.id,
        key: toMany ? `email/${run.id}/${number}` : `email/${run.id}`,
        number,
        template: payload.template,
        letters,
        list: list ? { name: list, agencyId: null } : undefined,
      },
      run,
    )
    done.push(...deliveries!)
  }
  run.progress({ percentage: 100, stage: "sent", message: "Resend has been asked for all" })
  return resultOf(done, run)
}

const isDone = ({ settled }: Chunk) => settled.length > 0 && !settled.some(isPending)

const handing = (done: number, all: number) => ({
  percentage: Math.floor((100 * done) / all),
  stage: "sending",
  message:
    all === 1 ? "Handing the mail to Resend" : `Handing the mails to Resend: ${done} of ${all} are done`,
})

/** Two spellings of an address that differ by letter case alone are one recipient's. */
const unique = (to: string[]) =>
  Object.values(Object.groupBy(to, (address) => address.toLowerCase())).map((same) => same![0]!)

/** Writes the mail to a recipient; to all at once, where nothing in it is theirs alone. */
async function writer(payload: Mail, signal: AbortSignal): Promise<(email: string) => Promise<Letter>> {
  const { template, data, locale, attachments, subject, from } = payload as Mail & { template: TemplateName }
  const files = attachments?.length ? { attachments: await fetchAttachments(attachments, signal) } : {}
  const list = listOf(template)
  const writeTo = async (email?: string) => {
    const subscription = list && email ? { email, list, agencyId: null, locale } : undefined
    const letter = await write({ template, data, locale, subject, from, subscription })
    return { ...letter, mail: { ...letter.mail, ...files } }
  }
  if (list) return writeTo
  const letter = await writeTo()
  return async () => letter
}

/** Throws PermanentError where mails were refused for good: the others are sent. */
function resultOf(done: Delivery[], run: Run) {
  const of = (status: Delivery["status"]) => done.filter((delivery) => delivery.status === status)
  const [sent, suppressed, refused] = [of("sent"), of("suppressed"), of("refused")]
  if (suppressed.length) run.log(`Not sent: ${suppressed.length} of ${done.length} addresses are suppressed`)
  if (refused.length) throw new PermanentError(refusal(refused, done.length))
  if (sent.length)
    run.log(
      `Email sent successfully to: ${done.length > 1 ? `${sent.length} recipients` : sent[0]!.recipient}`,
    )
  const [only] = sent
  return {
    sent: sent.length,
    suppressed: suppressed.length,
    messageId: done.length === 1 && only ? only.providerId : null,
  }
}

function refusal(refused: Delivery[], count: number): string {
  const [{ recipient, error }] = refused as [Delivery]
  return count === 1
    ? error!
    : `${refused.length} of ${count} recipients were refused, and the other mails are sent; the first is ${recipient}: ${error}`
}
