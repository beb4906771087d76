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

/** Folders whose files never travel in a mail: they hold what is everybody's, and are fetched by who may, through a link. */
const KEPT_HERE = /^(?:backups|exports)\//

const isKeptHere = (attachment: object) =>
  "storageKey" in attachment && KEPT_HERE.test(String(attachment.storageKey))

/** Files that go with a mail: each as base64 within the payload, or by the key it is stored under. */
export const attachments = z
  .array(
    z
      .union(
        [
          z.strictObject({ ...named, content: pii(z.base64().min(1)) }),
          z.strictObject({ ...named, storageKey: z.string().refine(isKey) }),
        ],
        {
          error:
            "a filename with its content in base64, or with the storageKey of a file, such as invoices/12/2026-07.pdf",
        },
      )
      .refine((attachment) => !isKeptHere(attachment), {
        path: ["storageKey"],
        error: "a file that may travel in a mail: backups and exports are fetched by their links",
      }),
  )
  .max(20)

export type Attachments = z.output<typeof attachments>
