import { beginDelivery, markFailed, markSent, markSuppressed } from "../../db/email-messages.ts"
import { isSuppressed } from "../../db/email-suppressions.ts"
import { renderEmail } from "../../emails/render.tsx"
import { RetryLater } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import { redactText } from "../../lib/redact.ts"
import { sender } from "../../lib/sender.ts"
import { deliver } from "../mail.ts"
import type { Run } from "../run.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(email, async ({ to: [recipient], template, data, locale, ...own }, run) => {
  if (recipient === undefined) return { sent: 0, suppressed: 0, messageId: null }
  run.progress({ percentage: 10, stage: "rendering", message: `Writing the ${template} mail` })
  const { from, brand, appUrl } = sender()
  const written = await renderEmail(template, data, { locale, brand, ...(appUrl ? { appUrl } : {}) })
  const subject = own.subject ?? written.subject

  const earlier = await beginDelivery({ runId: run.id, recipient, template, locale, subject })
  if (earlier.status === "sent") return { sent: 1, suppressed: 0, messageId: earlier.providerId }
  if (await isSuppressed(recipient)) {
    await markSuppressed(run.id, recipient)
    run.log("Not sent: the address is suppressed")
    return { sent: 0, suppressed: 1, messageId: null }
  }

  run.log(`Sending email to ${recipient}`)
  run.progress({ percentage: 50, stage: "sending", message: "Handing the mail to Resend" })
  const mail = { ...written, subject, from: own.from ?? from, to: recipient }
  const messageId = await deliver(mail, `email/${run.id}`, run.signal).catch(async (error: Error) => {
    await noteFailure(run, recipient, error)
    throw error
  })
  await markSent(run.id, recipient, messageId)
  run.progress({ percentage: 100, stage: "sent", message: "Resend has taken the mail" })
  run.log(`Email sent successfully to: ${recipient}`)
  return { sent: 1, suppressed: 0, messageId }
})

/** A mail that is only put off has not failed; and what is known of one that has outweighs that it cannot be noted. */
async function noteFailure(run: Run, recipient: string, error: Error) {
  if (error instanceof RetryLater || run.signal.aborted) return
  await markFailed(run.id, recipient, redactText(error.message)).catch(() =>
    run.log("The failure could not be noted with the mail"),
  )
}
