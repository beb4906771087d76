import { formatAddress } from "../../lib/address.ts"
import { lineOf } from "../../lib/clip.ts"
import type { TemplateProps } from "../../lib/emails/index.ts"
import type { InvoiceFacts } from "../../lib/invoices/draft.ts"
import { pixCodeOf } from "../../lib/invoices/pix.ts"
import { type LateCharges, lateCharges } from "../../lib/late-charges.ts"

/** What a payment comes to on a day, and the code that pays it. */
export interface Charge extends LateCharges {
  amountCents: number
  pixCode: string | null
}

/** Work out what has to be paid on a day; a static code knows no dates, so that it is for the sum of that day. */
export function chargeOn(today: string, { payment, contract, agency }: InvoiceFacts): Charge {
  const charges = lateCharges(payment, contract, today)
  const amountCents = charges.principalCents + charges.lateFeeCents + charges.interestCents
  return { ...charges, amountCents, pixCode: pixCodeOf(agency, amountCents, `P${payment.id}`) }
}

/** What both mails to a renter tell. */
export function toldCharge(
  { payment, agency, property, payer }: InvoiceFacts,
  { principalCents, pixCode }: Charge,
): TemplateProps<"payment-reminder"> {
  return {
    userName: lineOf(payer.name) ?? "–",
    referenceMonth: payment.referenceMonth.slice(0, 7),
    dueDate: payment.payableUntil,
    propertyAddress: lineOf(formatAddress(property), 300),
    payeeName: lineOf(agency.legalName ?? agency.name),
    payeeContact: lineOf([agency.phone, agency.email].filter(Boolean).join(" · ")),
    pixCode: pixCode ?? undefined,
    amountCents: principalCents,
    paidCents: payment.totalCents - principalCents,
  }
}
