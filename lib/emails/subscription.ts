import { z } from "zod"
import { apiUrl } from "../app-url.ts"
import { locale } from "../locale.ts"
import { isSigned, sign } from "../signature.ts"

const PURPOSE = "subscription to a list of mails"

const content = z.tuple([z.string(), z.string(), z.int().nullable(), locale])

/** Somebody who gets the mails of a list; an agency's lists are its own. */
export interface Subscription {
  email: string
  list: string
  agencyId: number | null
  /** The language that they are written to in. */
  locale: z.output<typeof locale>
}

/** The URL at which whoever has it can unsubscribe, and subscribe again. It is the same at any time, and lasts. */
export function unsubscribeUrl({ email, list, agencyId, locale }: Subscription): string {
  const text = Buffer.from(JSON.stringify([email.toLowerCase(), list, agencyId, locale])).toString(
    "base64url",
  )
  // Told for a secret by its beginning, and so hidden where a log would tell it.
  return `${apiUrl()}/unsubscribe/est_${text}.${sign(PURPOSE, text)}`
}

/** Where the link of a preview leads: nobody unsubscribes by it. */
export const EXAMPLE_URL = "https://jobs.example.com/unsubscribe/est_e30"

/** What the last part of such a URL says; undefined unless it was made here. */
export function readSubscription(token: string): Subscription | undefined {
  const [, text = "", signature = ""] = /^est_([\w-]+)\.([\w-]{43})$/.exec(token) ?? []
  if (!isSigned(PURPOSE, text, signature)) return undefined
  const [email, list, agencyId, locale] = content.parse(JSON.parse(Buffer.from(text, "base64url").toString()))
  return { email, list, agencyId, locale }
}

/** The headers by which mail programs unsubscribe with one tap (RFC 2369, RFC 8058). */
export const unsubscribeHeaders = (url: string) => ({
  "List-Unsubscribe": `<${url}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
})
