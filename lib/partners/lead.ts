import { z } from "zod"
import { pii } from "../pii.ts"

/** A text that PostgreSQL keeps as it is. */
export const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((given) => !given.includes("\0"), { error: "a text without NUL characters" })

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((given) => given ?? null)

/** Something that looks like an address; whether mail arrives is not for here. */
export const looksLikeEmail = /^[^\s@]{1,100}@[^\s@]{1,200}$/

/** Somebody who is interested, as partners tell of them, in the one form that is kept and compared. */
export const lead = z.object({
  name: pii(text(300)),
  email: pii(optional(text(320).toLowerCase().regex(looksLikeEmail, { error: "an e-mail address" }))),
  phone: pii(optional(text(60))),
  message: pii(optional(text(10_000))),
  interest: optional(z.enum(["venda", "aluguel", "temporada"])),
  propertyCode: optional(text(100)).describe("the code of the property here"),
})

export type Lead = z.output<typeof lead>

/** A lead that has come by itself: under the id by which it is known when it comes again. */
export interface InboundLead extends Lead {
  externalId: string
  source: "olx" | "vivareal" | "zapimoveis" | "other"
}
