import { z } from "zod"
import { addressParts } from "../address.ts"
import { day } from "../emails/fields.ts"
import { locale } from "../locale.ts"

const cents = z.int()
const percent = z.number()

/** What an invoice asks for, part by part; a discount, and what was paid of it before, is below nought. */
const invoiceItem = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["rent", "condo", "iptu"]), amountCents: cents }),
  z.object({ kind: z.enum(["extra", "discount"]), amountCents: cents, description: z.string().nullable() }),
  z.object({ kind: z.literal("paid"), amountCents: cents, paidOn: day }),
  z.object({ kind: z.literal("late-fee"), amountCents: cents, percent, condoPercent: percent.nullable() }),
  z.object({ kind: z.literal("interest"), amountCents: cents, percentMonth: percent, days: z.int() }),
])

export type InvoiceItem = z.output<typeof invoiceItem>

/** What a contract says of paying late. */
const lateTerms = z.object({
  lateFeePercent: percent,
  condoLateFeePercent: percent,
  interestPercentMonth: percent,
  graceDays: z.int(),
})

/** Who issues an invoice and is paid by it. */
const invoiceAgency = z.object({
  name: z.string(),
  legalName: z.string().nullable(),
  cnpj: z.string().nullable(),
  creci: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  pixKey: z.string().nullable(),
  brandColour: z.string(),
  accentColour: z.string(),
  ...addressParts.shape,
})

/** What the document of an invoice says beside its sums, as it was when it was issued. */
export const invoiceContent = z.object({
  locale,
  agency: invoiceAgency,
  payer: z.object({ name: z.string(), taxId: z.string().nullable() }),
  landlord: z.object({ name: z.string() }),
  property: z.object({ code: z.string(), ...addressParts.shape }),
  contract: z.object({ number: z.string(), ...lateTerms.shape }),
  referenceMonth: z.string(),
  /** The day the contract names, and the business day it moves to. */
  contractDueDate: day,
  payableUntil: day,
  items: z.array(invoiceItem),
  corrects: z.object({ number: z.string(), reason: z.string() }).nullable(),
})

export type InvoiceContent = z.output<typeof invoiceContent>
