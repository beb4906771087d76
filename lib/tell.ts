import type { z } from "zod"
import { hiddenTexts } from "./hidden.ts"
import { REDACTED, redactText, shortenAddresses } from "./redact.ts"
import { createStrike } from "./strike.ts"

/** Says a text without personal data. */
export type Tell = (text: string) => string

/** Characters of a text that are told: to look for each hidden text in it takes time, and nobody keeps more. */
const LONGEST = 16 * 1024

/**
 * Tells texts that a value of this schema may stand in: without what `redact` hides of it, and without what `redactText`
 * knows by its form. Looks into the value at the first text; a text that it cannot judge is redacted whole.
 */
export function createTell(schema: z.ZodType, value: unknown): Tell {
  let strike: Tell | undefined
  return (text) => {
    try {
      strike ??= createStrike(hiddenTexts(schema, value))
      // Addresses first: shortened they can still be told apart, also where a name of the value stands in one.
      return redactText(strike(shortenAddresses(cut(text))))
    } catch {
      return REDACTED
    }
  }
}

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
