import { z } from "zod"
import { pii } from "./pii.ts"
import { isKey } from "./storage/key.ts"

const named = {
  filename: pii(
    z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}/\\]+$/u, { error: "the name of a file, without its folders" }),
  ),
  contentType: z
    .string()
    .max(200)
    .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w-]+)*$/, { error: "a media type, such as application/pdf" })
    .optional(),
}

/** Files that go with a mail: each as base64 within the payload, or by the key it is stored under. */
export const attachments = z
  .array(
    z.union(
      [
        z.strictObject({ ...named, content: pii(z.base64().min(1)) }),
        z.strictObject({ ...named, storageKey: z.string().refine(isKey) }),
      ],
      {
        error:
          "a filename with its content in base64, or with the storageKey of a file, such as invoices/12/2026-07.pdf",
      },
    ),
  )
  .max(20)

export type Attachments = z.output<typeof attachments>
