import { z } from "zod"
import { apiUrl } from "../app-url.ts"
import { isSigned, sign } from "../signature.ts"
import { safeName } from "./filename.ts"
import { checkKey, isKey, nameOf } from "./key.ts"
import type { LinkOptions } from "./types.ts"

/** Seconds that a link may last: what S3 allows. */
const LONGEST = 7 * 86_400

const PURPOSE = "link to a file"

/** What a link leads to: a stored file, the name it is saved under, and the second of the Unix clock it expires at. */
interface Linked {
  key: string
  filename: string
  expiresAt: number
}

/** What is asked of a link, with the name filled in. Throws a TypeError for the key and a RangeError for the time. */
export function checkLink(key: string, { seconds, filename = nameOf(key) }: LinkOptions) {
  checkKey(key)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST)
    throw new RangeError(`A link lasts for 1 to ${LONGEST} seconds, not ${seconds}`)
  return { seconds, filename: safeName(filename) }
}

/** The URL at which the API serves a file to whoever has it, until it expires. */
export function linkTo({ key, filename, expiresAt }: Linked): string {
  const text = Buffer.from(JSON.stringify([key, filename, expiresAt])).toString("base64url")
  // Told for a secret by its beginning, and so hidden where a log would tell it.
  return `${apiUrl()}/files/est_${text}.${sign(PURPOSE, text)}`
}

const content = z.tuple([z.string().refine(isKey), z.string(), z.int()])

/** What the last part of such a URL says; undefined unless it was made here. */
export function readLink(token: string): Linked | undefined {
  const [, text = "", signature = ""] = /^est_([\w-]+)\.([\w-]{43})$/.exec(token) ?? []
  if (!isSigned(PURPOSE, text, signature)) return undefined
  const read = content.safeParse(JSON.parse(Buffer.from(text, "base64url").toString()))
  if (!read.success) return undefined
  const [key, filename, expiresAt] = read.data
  return { key, filename, expiresAt }
}
