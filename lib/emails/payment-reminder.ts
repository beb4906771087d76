import { z } from "zod"
import { charge, payable } from "./charge.ts"
import { withExample } from "./example.ts"
import { cents } from "./fields.ts"

/** What the `payment-reminder` mail says: rent that is due soon, by its date, so that it stays true whenever it is read. */
export const paymentReminderProps = withExample(
  payable(
    z.object({
      ...charge,
      amountCents: cents.positive().describe("cents of a real, without what is paid already"),
      paidCents: cents.default(0).describe("cents of a real, paid already"),
    }),
    ({ amountCents }) => amountCents,
  ),
  {
    userName: "Ana Beatriz",
    referenceMonth: "2026-02",
    dueDate: "2026-02-10",
    amountCents: 178_000,
    paidCents: 0,
    propertyAddress: "Rua XV de Novembro, 1234, ap. 52, Maringá/PR",
    payeeName: "Imobiliária Araucária",
    payeeContact: "+55 44 3025-1200 · contato@araucaria.example",
    pixCode:
      "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654071780.005802BR5921IMOBILIARIA ARAUCARIA6007MARINGA621505112026000012363041A71",
    invoiceUrl: "https://app.example.com/invoices/2026-000123",
  },
)
