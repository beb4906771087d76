import { z } from "zod"
import { charge, payable } from "./charge.ts"
import { withExample } from "./example.ts"
import { line, signedCents } from "./fields.ts"

type Items = { items: { amountCents: number }[] }

/** What an invoice comes to, in cents. */
export const invoiceTotal = ({ items }: Items) => items.reduce((sum, { amountCents }) => sum + amountCents, 0)

/** What the `invoice` mail says: the charge of a month item by item, discounts below nought, and how to pay it. */
export const invoiceProps = withExample(
  payable(
    z.object({
      ...charge,
      invoiceNumber: line(40),
      items: z
        .array(z.object({ label: line(80), amountCents: signedCents }))
        .min(1)
        .max(20)
        .refine((items) => invoiceTotal({ items }) > 0, { error: "items that come to more than nothing" }),
    }),
    invoiceTotal,
  ),
  {
    userName: "Ana Beatriz",
    invoiceNumber: "2026-000123",
    referenceMonth: "2026-02",
    dueDate: "2026-02-10",
    propertyAddress: "Rua XV de Novembro, 1234, ap. 52, Maringá/PR",
    items: [
      { label: "Aluguel", amountCents: 155_000 },
      { label: "Condomínio", amountCents: 18_000 },
      { label: "IPTU 2/10", amountCents: 8_000 },
      { label: "Desconto de pontualidade", amountCents: -3_000 },
    ],
    payeeName: "Imobiliária Araucária",
    payeeContact: "+55 44 3025-1200 · contato@araucaria.example",
    pixCode:
      "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654071780.005802BR5921IMOBILIARIA ARAUCARIA6007MARINGA621505112026000012363041A71",
    invoiceUrl: "https://app.example.com/invoices/2026-000123",
  },
  {
    items: [
      { label: "Rent", amountCents: 155_000 },
      { label: "Condominium fee", amountCents: 18_000 },
      { label: "Property tax (IPTU), 2 of 10", amountCents: 8_000 },
      { label: "Discount for paying on time", amountCents: -3_000 },
    ],
  },
)
