import { z } from "zod"
import { like } from "../like.ts"
import { defineJob } from "./define.ts"

const id = z.int().positive()

export const invoice = defineJob({
  name: "invoice",
  summary: "Make the PDF of an invoice that has been issued, and mail it to who pays it",
  payload: z.strictObject({
    invoiceId: id,
    userId: id.describe("who asks for it: somebody of the agency, or its renter or owner"),
    sendEmail: z.boolean().default(false),
  }),
  result: like(
    z.object({
      invoiceId: id,
      number: z.string(),
      storageKey: z.string(),
      size: z.int().describe("bytes"),
      emailRunId: z.uuid().nullable(),
    }),
    {
      invoiceId: 1,
      number: "2026-000001",
      storageKey: "invoices/1/1/019c476c-3600-7c3a-9b1e-6f2d80a4c517.pdf",
      size: 38_412,
      emailRunId: "019c476c-3a41-7d20-8f4c-2b9a6e107c35",
    },
  ),
  example: { invoiceId: 1, userId: 1, sendEmail: true },
  concurrency: 5,
  timeout: 5 * 60_000,
})
