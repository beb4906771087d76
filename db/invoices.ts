import { dayIn } from "../lib/days.ts"
import type { InvoiceContent } from "../lib/invoices/content.ts"
import { draftInvoice } from "../lib/invoices/draft.ts"
import { pixCodeOf } from "../lib/invoices/pix.ts"
import { InvoiceRefused } from "../lib/invoices/refused.ts"
import type { Locale } from "../lib/locale.ts"
import { lockInvoiceFacts } from "./invoice-facts.ts"
import { asJson } from "./json.ts"
import { type Db, pool } from "./pool.ts"

/** An invoice as it was issued; days are by the calendar of its agency. */
export interface Invoice {
  id: number
  agencyId: number
  paymentId: number
  renterId: number
  number: string
  /** The invoice that this one corrects, and the one that corrects this. */
  correctsId: number | null
  correctedById: number | null
  issuedAt: Date
  issuedOn: string
  issuedBy: string
  dueDate: string
  principalCents: number
  lateFeeCents: number
  interestCents: number
  totalCents: number
  pixCode: string | null
  notes: string | null
  content: InvoiceContent
}

/** What is asked for, by a user of the agency if one is named: `payOn` is the day it is to be paid on, `corrects` the invoice that it takes the place of. */
export interface InvoiceRequest {
  paymentId: number
  userId?: number | undefined
  payOn?: string | undefined
  notes?: string | undefined
  locale?: Locale | undefined
  corrects?: { invoiceId: number; reason: string } | undefined
  issuedBy: string
}

/** Issue an invoice of a payment, with the next number of its agency and year. Throws InvoiceRefused. */
export const issueInvoice = (request: InvoiceRequest, moment = new Date(), db = pool()): Promise<Invoice> =>
  db.begin((tx) => issueInvoiceIn(tx, request, moment))

/** The same within a transaction, which ends with it. */
export async function issueInvoiceIn(tx: Db, request: InvoiceRequest, moment = new Date()): Promise<Invoice> {
  const { paymentId, payOn, notes = null, locale = "pt-BR", issuedBy } = request
  const found = await lockInvoiceFacts(paymentId, tx)
  if (!found) throw new InvoiceRefused("unknown", `There is no payment ${paymentId}`)
  const { agencyId, timeZone, facts } = found
  await refuseForeign(request, agencyId, tx)
  const corrected = await correctedBy(request, tx)
  const today = dayIn(timeZone, moment)
  const draft = draftInvoice(facts, { today, payOn, locale, corrects: corrected })

  const year = Number(today.slice(0, 4))
  const [{ sequence }] = await tx<[{ sequence: number }]>`
    select take_invoice_sequence(${agencyId}, ${year}) as sequence
  `
  const { dueDate, principalCents, lateFeeCents, interestCents, content } = draft
  const amountCents = principalCents + lateFeeCents + interestCents
  const pixCode = pixCodeOf(content.agency, amountCents, `${year}${String(sequence).padStart(6, "0")}`)
  const [issued] = await tx<[{ id: number }]>`
    insert into invoices (
      agency_id, payment_id, corrects_id, correction_reason, year, sequence, issued_at, issued_on, issued_by,
      due_date, principal_cents, late_fee_cents, interest_cents, pix_code, notes, content
    )
    values (
      ${agencyId}, ${paymentId}, ${request.corrects?.invoiceId ?? null}, ${corrected?.reason ?? null}, ${year}, ${sequence},
      ${moment}, ${today}, ${issuedBy}, ${dueDate}, ${principalCents}, ${lateFeeCents}, ${interestCents}, ${pixCode}, ${notes},
      ${asJson(content)}::text::jsonb
    )
    returning id
  `
  return (await findInvoice(issued.id, tx))!
}

/** An invoice by its id. */
export async function findInvoice(id: number, db: Db = pool()): Promise<Invoice | undefined> {
  const [invoice] = await db<Invoice[]>`
    select
      invoice.id, invoice.agency_id, invoice.payment_id, contract.renter_id, invoice.number, invoice.corrects_id,
      later.id as corrected_by_id, invoice.issued_at, invoice.issued_on::text, invoice.issued_by, invoice.due_date::text,
      invoice.principal_cents, invoice.late_fee_cents, invoice.interest_cents, invoice.total_cents,
      invoice.pix_code, invoice.notes, invoice.content
    from invoices as invoice
    join rental_payments as payment on payment.id = invoice.payment_id
    join rental_contracts as contract on contract.id = payment.contract_id
    left join invoices as later on later.corrects_id = invoice.id
    where invoice.id = ${id}
  `
  return invoice
}

/** Whether an invoice is a user's to ask for: they are of its agency's staff, or its renter or owner themselves. */
export async function isInvoiceOf(userId: number, invoiceId: number, db: Db = pool()): Promise<boolean> {
  const [found] = await db`
    select 1
    from invoices as invoice
    join users as asker on asker.agency_id = invoice.agency_id
    join rental_payments as payment on payment.id = invoice.payment_id
    join rental_contracts as contract on contract.id = payment.contract_id
    where invoice.id = ${invoiceId} and asker.id = ${userId} and case asker.role
      when 'renter' then exists (select from renters where id = contract.renter_id and user_id = asker.id)
      when 'owner' then exists (select from owners where id = contract.owner_id and user_id = asker.id)
      else true
    end
  `
  return found !== undefined
}

async function refuseForeign({ paymentId, userId }: InvoiceRequest, agencyId: number, tx: Db) {
  if (userId === undefined) return
  const [known] = await tx`select 1 from users where id = ${userId} and agency_id = ${agencyId}`
  if (!known)
    throw new InvoiceRefused("foreign", `User ${userId} is not of the agency of payment ${paymentId}`)
}

/** What the new invoice corrects, which has to be the latest of its payment. The payment is locked: no other is issued meanwhile. */
async function correctedBy({ paymentId, corrects }: InvoiceRequest, tx: Db) {
  const [latest] = await tx<{ id: number; number: string }[]>`
    select id, number
    from invoices
    where payment_id = ${paymentId}
      and not exists (select from invoices as later where later.corrects_id = invoices.id)
  `
  if (latest?.id === corrects?.invoiceId)
    return latest && corrects ? { number: latest.number, reason: corrects.reason } : null
  if (!corrects)
    throw new InvoiceRefused(
      "issued",
      `Payment ${paymentId} has invoice ${latest!.number} (id ${latest!.id}): issue one that corrects it, with the reason`,
    )
  const which = latest ? `its latest is ${latest.number} (id ${latest.id})` : "it has none"
  throw new InvoiceRefused(
    "corrected",
    `Invoice ${corrects.invoiceId} is not the latest of payment ${paymentId}: ${which}`,
  )
}
