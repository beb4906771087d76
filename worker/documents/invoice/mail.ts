import type { Invoice } from "../../../db/invoices.ts"
import { formatAddress } from "../../../lib/address.ts"
import { lineOf } from "../../../lib/clip.ts"
import { enqueue } from "../../../lib/enqueue.ts"
import { labelOf } from "../../../lib/invoices/labels.ts"
import { email } from "../../../lib/jobs/email.ts"
import { mailIdOf } from "../../mail-id.ts"

interface Sending {
  to: string
  storageKey: string
  /** Of the run that mails it: asked for by it again, the mail is the same run's. */
  runId: string
}

/** Ask for the mail of an invoice, with its PDF; returns the id of the mail's run. */
export async function mailInvoice(
  { number, content, dueDate, pixCode }: Invoice,
  { to, storageKey, runId }: Sending,
): Promise<string> {
  const { locale, agency, payer, property, referenceMonth, items } = content
  const { id } = await enqueue(
    email,
    {
      to,
      template: "invoice",
      locale,
      data: {
        userName: lineOf(payer.name) ?? to,
        invoiceNumber: number,
        ...{ referenceMonth, dueDate },
        propertyAddress: lineOf(formatAddress(property), 300),
        payeeName: lineOf(agency.legalName ?? agency.name),
        payeeContact: lineOf([agency.phone, agency.email].filter(Boolean).join(" · ")),
        pixCode: pixCode ?? undefined,
        items: items.map((item) => ({ label: labelOf(item, locale), amountCents: item.amountCents })),
      },
      attachments: [{ filename: `${locale === "en" ? "invoice" : "fatura"}-${number}.pdf`, storageKey }],
    },
    {},
    { name: "send-invoice", id: mailIdOf(runId) },
  )
  return id
}
