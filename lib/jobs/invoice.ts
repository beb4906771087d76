import { z } from "zod"
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
  result: z.object({
    invoiceId: id,
    number: z.string(),
    storageKey: z.string(),
    size: z.int().describe("bytes"),
    emailRunId: z.uuid().nullable(),
  }),
  example: { invoiceId: 1, userId: 1, sendEmail: true },
  concurrency: 5,
  timeout: 5 * 60_000,
})
