import { type Delivery, deliveriesOf } from "../../db/email-messages.ts"
import { endChunk, findChunk, mayBegin, nameOf } from "../../db/mailing-chunks.ts"
import { listOfMailing, type Recipient, recipientsOf } from "../../db/mailing-recipients.ts"
import { findMailing, type Mailing } from "../../db/mailings.ts"
import { templateProps } from "../../lib/emails/index.ts"
import { PermanentError } from "../../lib/errors.ts"
import { pace } from "../mail/pace.ts"
import { sendChunk } from "../mail/send-chunk.ts"
import { write } from "../mail/write.ts"
import type { Run } from "../run.ts"

interface Asked {
  mailing: number
  chunk: number
}

/** Send the mails of a chunk of a mailing, in one request; whom the provider refuses is noted, and costs the others nothing. */
export async function sendMailing({ mailing: id, chunk: number }: Asked, run: Run) {
  const [mailing, chunk] = await Promise.all([findMailing(id), findChunk(id, number)])
  if (!mailing || chunk?.runId !== run.id)
    throw new PermanentError(`Chunk ${number} of mailing ${id} is not this run's to send`)
  if (chunk.status === "done") return resultOf(await deliveriesOf(nameOf(chunk)))
  if (chunk.status === "returned") return resultOf([])

  const recipients = await recipientsOf(id, number)
  run.progress({ percentage: 0, stage: "rendering", message: `Writing ${recipients.length} mails` })
  const letters = await writeAll(mailing, recipients, run)
  run.progress({ percentage: 50, stage: "sending", message: "Handing the mails to Resend" })
  await pace(run.signal, { toMany: true })
  const deliveries = await sendChunk(
    {
      log: nameOf(chunk),
      // Known to the provider whichever run is at it, and whatever other database writes to the same account.
      key: `mailing/${mailing.token}/${number}`,
      number,
      template: mailing.template,
      letters,
      mailingId: id,
      list: listOfMailing(mailing),
      mayBegin: (tx) => mayBegin(chunk, tx),
      settled: (tx) => endChunk(chunk, "done", tx),
    },
    run,
  )
  if (!deliveries) run.log(`Not sent: mailing ${id} is ${(await findMailing(id))?.status}`)
  return resultOf(deliveries ?? [])
}

/** One after the other: other runs of the worker are not kept waiting by a hundred mails. */
async function writeAll(mailing: Mailing, recipients: Recipient[], run: Run) {
  const letters = []
  for (const recipient of recipients) {
    run.signal.throwIfAborted()
    letters.push({ recipient: recipient.email, ...(await writeTo(mailing, recipient)) })
  }
  return letters
}

async function writeTo(mailing: Mailing, { email, data, ...recipient }: Recipient) {
  const { template, subject, sender } = mailing
  const locale = recipient.locale ?? mailing.locale
  const list = listOfMailing(mailing)
  // It was checked when they were added; a template may have changed since.
  const props = templateProps[template]?.safeParse({ ...mailing.data, ...data })
  if (!props?.success)
    throw new PermanentError(
      `The data of the ${template} mail are not what it takes: ${props?.error.message}`,
    )
  return await write({
    template,
    data: props.data,
    locale,
    subject,
    from: sender,
    subscription: list && { email, list: list.name, agencyId: list.agencyId, locale },
  })
}

function resultOf(deliveries: Delivery[]) {
  const count = (status: Delivery["status"]) =>
    deliveries.filter((delivery) => delivery.status === status).length
  return {
    sent: count("sent"),
    suppressed: count("suppressed"),
    refused: count("refused"),
    messageId: null,
  }
}
