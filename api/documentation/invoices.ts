import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { invoice } from "../../lib/jobs/invoice.ts"
import { toldInvoice } from "../invoices.ts"
import { invoiceRequest } from "../requests/invoices.ts"
import { errors, inPath, json } from "./parts.ts"

const tags = [invoice.name]
const id = inPath("id")

const issued = z.object({
  invoice: toldInvoice,
  jobId: z.uuid().describe("the run that makes its PDF"),
  queue: z.literal(invoice.name),
  status: z.literal("accepted"),
  statusUrl: z.string(),
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
      403: "The user is of another agency",
      404: "No such payment",
      409: "Nothing is owed of the payment, or it has an invoice that this one does not correct",
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
    200: { description: "The invoice", content: json(toldInvoice, "output") },
    ...errors({ 404: "No such invoice", 503: "PostgreSQL does not answer" }),
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
    ...errors({ 404: "No such invoice, or its PDF is not made yet", 503: "PostgreSQL does not answer" }),
  },
})
