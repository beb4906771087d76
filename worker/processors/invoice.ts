import { recordDocument } from "../../db/invoice-documents.ts"
import { findInvoice, type Invoice, isInvoiceOf } from "../../db/invoices.ts"
import { findRenter } from "../../db/renters.ts"
import { PermanentError } from "../../lib/errors.ts"
import { invoiceContent } from "../../lib/invoices/content.ts"
import { invoice } from "../../lib/jobs/invoice.ts"
import { storage } from "../../lib/storage/storage.ts"
import { invoicePdf } from "../documents/invoice/document.ts"
import { mailInvoice } from "../documents/invoice/mail.ts"
import type { Run } from "../run.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(invoice, async ({ invoiceId, userId, sendEmail }, run) => {
  const issued = await invoiceFor(userId, invoiceId)
  run.progress({ percentage: 0, stage: "drawing", message: `Drawing invoice ${issued.number}` })
  const { number, agencyId } = issued
  const storageKey = `invoices/${agencyId}/${invoiceId}/${run.id}.pdf`
  const size = await storage().put(storageKey, invoicePdf(issued, run.signal), { signal: run.signal })
  await recordDocument({ invoiceId, runId: run.id, storageKey, size })
  run.log(`Invoice ${number} is stored, ${size} bytes`)

  const emailRunId = sendEmail ? await mail(issued, storageKey, run) : null
  run.progress({ percentage: 100, stage: "done", message: `Invoice ${number} is there` })
  return { invoiceId, number, storageKey, size, emailRunId }
})

/** What an invoice says, as far as it can still be read. Throws PermanentError when it is not the user's to ask for. */
async function invoiceFor(userId: number, invoiceId: number): Promise<Invoice> {
  const issued = await findInvoice(invoiceId)
  if (!issued) throw new PermanentError(`There is no invoice ${invoiceId}: issue it first`)
  if (!(await isInvoiceOf(userId, invoiceId)))
    throw new PermanentError(
      `User ${userId} is not of the agency of invoice ${issued.number}, nor its renter or owner`,
    )
  const content = invoiceContent.safeParse(issued.content)
  if (!content.success)
    throw new PermanentError(`Invoice ${issued.number} cannot be read: ${content.error.issues[0]!.message}`)
  return { ...issued, content: content.data }
}

async function mail(issued: Invoice, storageKey: string, run: Run) {
  run.progress({ percentage: 80, stage: "mailing", message: "Asking for the mail" })
  const renter = await findRenter(issued.renterId)
  if (!renter?.email)
    throw new PermanentError(
      `Invoice ${issued.number} is stored and not mailed: renter ${issued.renterId} has no e-mail address`,
    )
  const to = renter.email
  return await run.once("mail", () => mailInvoice(issued, { to, storageKey, runId: run.id }))
}
