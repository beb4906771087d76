import { z } from "zod"
import { charge, payable } from "./charge.ts"
import { withExample } from "./example.ts"
import { cents, day, percent } from "./fields.ts"

interface Sums {
  amountCents: number
  lateFeeCents: number
  interestCents: number
}

/** What is owed with fee and interest, in cents. */
export const overdueTotal = ({ amountCents, lateFeeCents, interestCents }: Sums) =>
  amountCents + lateFeeCents + interestCents

/** What the `payment-overdue` mail says: what is owed as of the day it was `calculatedOn`, and from which rates it follows. */
export const paymentOverdueProps = withExample(
  payable(
    z.object({
      ...charge,
      amountCents: cents
        .positive()
        .describe("cents of a real, without fee and interest, and without what is paid already"),
      paidCents: cents.default(0).describe("cents of a real, paid already"),
      lateFeeCents: cents.default(0),
      lateFeePercent: percent.optional(),
      condoLateFeePercent: percent.optional().describe("of the condominium fee, which may be another"),
      interestCents: cents.default(0),
      interestPercentMonth: percent.optional(),
      daysOverdue: z.int().positive().max(36_500),
      calculatedOn: day,
      finalNotice: z.boolean().default(false),
    }),
    overdueTotal,
  ),
  {
    userName: "Ana Beatriz",
    referenceMonth: "2026-02",
    dueDate: "2026-02-10",
    daysOverdue: 5,
    calculatedOn: "2026-02-15",
    amountCents: 155_000,
    paidCents: 0,
    lateFeeCents: 15_500,
    lateFeePercent: 10,
    condoLateFeePercent: 2,
    interestCents: 258,
    interestPercentMonth: 1,
    finalNotice: false,
    propertyAddress: "Rua XV de Novembro, 1234, ap. 52, Maringá/PR",
    payeeName: "Imobiliária Araucária",
    payeeContact: "+55 44 3025-1200 · contato@araucaria.example",
    pixCode:
      "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654071707.585802BR5921IMOBILIARIA ARAUCARIA6007MARINGA62150511202600001236304BC9E",
    invoiceUrl: "https://app.example.com/invoices/2026-000123",
  },
)
