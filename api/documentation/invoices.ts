import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { invoice } from "../../lib/jobs/invoice.ts"
import { like } from "../../lib/like.ts"
import { toldInvoice } from "../invoices.ts"
import { invoiceRequest } from "../requests/invoices.ts"
import { errors } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { inPath } from "./parts.ts"

const tags = [invoice.name]
const id = inPath("id")

const charge = {
  ...{ id: 12, number: "2026-000012", agencyId: 1, paymentId: 143, renterId: 5 },
  ...{ status: "issued", correctsId: null, correctedById: null },
  ...{ issuedAt: "2026-02-10T12:00:00.000Z", issuedOn: "2026-02-10", issuedBy: "user:7" },
  ...{ referenceMonth: "2026-02", dueDate: "2026-02-20" },
  items: [
    { kind: "rent", label: "Aluguel", amountCents: 155_000 },
    { kind: "condo", label: "Condomínio", amountCents: 42_000 },
  ],
  ...{ principalCents: 197_000, lateFeeCents: 0, interestCents: 0, totalCents: 197_000 },
  ...{ pixCode: null, pdf: null },
} satisfies z.output<typeof toldInvoice>

const shown = like(toldInvoice, { ...charge, pdf: { url: "/api/admin/invoices/12/pdf", size: 38_412 } })

const unknown = ["No such invoice", "No invoice 12"] as const

const issued = z.object({
  invoice: like(toldInvoice, charge),
  jobId: z.uuid().describe("the run that makes its PDF"),
  queue: z.literal(invoice.name),
  status: z.literal("accepted"),
  statusUrl: like(z.string(), `/api/jobs/${invoice.name}/${RUN_ID}`),
})

/** The reference's page on issuing an invoice. */
export const documentInvoiceIssue = (): DocumentDecoration => ({
  tags,
  summary: "Issue an invoice of a rental payment, and have its PDF made and mailed",
  operationId: "issue-invoice",
  requestBody: {
    required: true,
    content: json(invoiceRequest, "input", { paymentId: 1, userId: 1, sendEmail: true }),
  },
  responses: {
    202: { description: "It is issued, and its PDF is on its way", content: json(issued, "output") },
    ...errors({
      400: "The body is not what is asked for, or the day is past or too far ahead",
      403: ["The user is of another agency", "User 12 is not of the agency of payment 143"],
      404: ["No such payment", "There is no payment 143"],
      409: [
        "Nothing is owed of the payment, or it has an invoice that this one does not correct",
        "Payment 143 has invoice 2026-000012 (id 12): issue one that corrects it, with the reason",
      ],
      503: "PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on an invoice. */
export const documentInvoice = (): DocumentDecoration => ({
  tags,
  summary: "An invoice: what it asks for, until when, and whether another has taken its place",
  operationId: "invoice",
  parameters: [id],
  responses: {
    200: { description: "The invoice", content: json(shown, "output") },
    ...errors({ 404: unknown, 503: "PostgreSQL does not answer" }),
  },
})

/** The reference's page on the PDF of an invoice. */
export const documentInvoicePdf = (): DocumentDecoration => ({
  tags,
  summary: "The PDF of an invoice, as it was made last",
  operationId: "invoice-pdf",
  parameters: [id],
  responses: {
    200: {
      description: "The document",
      content: { "application/pdf": { schema: { type: "string", format: "binary" } } },
    },
    ...errors({
      404: ["No such invoice, or its PDF is not made yet", unknown[1]],
      503: "PostgreSQL does not answer",
    }),
  },
})
