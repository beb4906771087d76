import type { Attachments } from "../../lib/attachments.ts"
import { PermanentError } from "../../lib/errors.ts"
import { storage } from "../../lib/storage/storage.ts"
import type { Attachment } from "./deliver.ts"

/** Bytes that the attachments of a mail may have, in base64: Resend takes 40 MB with all that the mail says. */
const LIMIT = 39 * 1024 * 1024

/**
 * The files of a mail with their contents, in base64. Throws PermanentError for one that is not stored, or that is too much for
 * the mail; nothing is fetched before all are known to fit.
 */
export async function fetchAttachments(asked: Attachments, signal: AbortSignal): Promise<Attachment[]> {
  let bytes = 0
  for (const [index, attachment] of asked.entries()) {
    bytes += await encodedSize(attachment, nameOf(attachment, index), signal)
    if (bytes > LIMIT)
      throw new PermanentError(
        `${nameOf(attachment, index)} does not fit: the attachments of a mail may have 39 MB in all, encoded, which are 29 MB of files: send a link to it instead`,
      )
  }
  return await Promise.all(
    asked.map(async (attachment, index) => {
      const { filename, contentType } = attachment
      const content = await contentOf(attachment, nameOf(attachment, index), signal)
      return { filename, content, ...(contentType ? { contentType } : {}) }
    }),
  )
}

type Asked = Attachments[number]

async function encodedSize(attachment: Asked, name: string, signal: AbortSignal) {
  if ("content" in attachment) return attachment.content.length
  const file = await storage().head(attachment.storageKey, { signal })
  if (!file) throw missing(name)
  return Math.ceil(file.size / 3) * 4
}

async function contentOf(attachment: Asked, name: string, signal: AbortSignal) {
  if ("content" in attachment) return attachment.content
  const stream = await storage().get(attachment.storageKey, { signal })
  if (!stream) throw missing(name)
  return Buffer.from(await new Response(stream).arrayBuffer()).toString("base64")
}

const missing = (name: string) =>
  new PermanentError(`${name} is not stored: store the file before asking for the mail`)

/** Told by its place as well: the name of a file is personal, and not shown everywhere. */
const nameOf = (attachment: Asked, index: number) =>
  `Attachment ${index + 1} (${attachment.filename}${"storageKey" in attachment ? `, ${attachment.storageKey}` : ""})`
