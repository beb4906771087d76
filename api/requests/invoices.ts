import { z } from "zod"
import { invoice } from "../../lib/jobs/invoice.ts"
import { locale } from "../../lib/locale.ts"
import { pii } from "../../lib/pii.ts"

const id = z.int().positive()
const text = (longest: number) =>
  pii(
    z
      .string()
      .trim()
      .min(1)
      .max(longest)
      .refine((given) => !given.includes("\0"), { error: "a text without NUL characters" }),
  )

/** What may be sent to issue an invoice. */
export const invoiceRequest = z.strictObject({
  paymentId: id.describe("the rental payment that it charges"),
  userId: id.optional().describe("who asks for it, of its agency; whoever has logged in when left out"),
  payOn: z.iso
    .date()
    .optional()
    .describe(
      "the day it is to be paid on, for fee and interest; else the due date, or the next business day when that has passed",
    ),
  notes: text(1_000).optional(),
  locale: locale.default("pt-BR"),
  corrects: z
    .strictObject({ invoiceId: id, reason: text(200) })
    .optional()
    .describe("the payment's latest invoice, which this one takes the place of"),
  sendEmail: invoice.payload.shape.sendEmail,
})
