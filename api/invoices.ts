import { z } from "zod"
import type { InvoiceDocument } from "../db/invoice-documents.ts"
import type { Invoice } from "../db/invoices.ts"
import { labelOf } from "../lib/invoices/labels.ts"

const cents = z.int().describe("cents of a real")
const id = z.int()

/** An invoice as its routes tell it: who pays and who is paid stand in its PDF alone. */
export const toldInvoice = z.object({
  ...{ id, number: z.string(), agencyId: id, paymentId: id, renterId: id },
  status: z.enum(["issued", "corrected"]).describe("corrected: another has taken its place"),
  correctsId: id.nullable(),
  correctedById: id.nullable(),
  issuedAt: z.iso.datetime(),
  issuedOn: z.iso.date().describe("by the calendar of its agency"),
  issuedBy: z.string(),
  referenceMonth: z.string(),
  dueDate: z.iso.date().describe("until when its total is what has to be paid"),
  items: z.array(z.object({ kind: z.string(), label: z.string(), amountCents: cents })),
  ...{ principalCents: cents, lateFeeCents: cents, interestCents: cents, totalCents: cents },
  pixCode: z.string().nullable(),
  pdf: z.object({ url: z.string(), size: z.int().describe("bytes") }).nullable(),
})

/** An invoice, with the PDF that was made of it last if there is one. */
export const tellInvoice = (
  { content, notes, issuedAt, ...invoice }: Invoice,
  document: InvoiceDocument | undefined,
): z.output<typeof toldInvoice> => ({
  ...invoice,
  status: invoice.correctedById === null ? "issued" : "corrected",
  issuedAt: issuedAt.toISOString(),
  referenceMonth: content.referenceMonth,
  items: content.items.map((item) => ({
    kind: item.kind,
    label: labelOf(item, content.locale),
    amountCents: item.amountCents,
  })),
  pdf: document ? { url: `/api/admin/invoices/${invoice.id}/pdf`, size: document.size } : null,
})
