import { z } from "zod"
import { besideAddresses, REDACTED, redact } from "./redact.ts"

/** Fewest characters of a text that tells of somebody: initials and house numbers are in every other line. */
const FEWEST = { ofLetters: 3, ofDigits: 5 }

/** The texts, numbers and names of fields in `value` that `redact` hides. Addresses are not among them: `redactText` shortens those. */
export function hiddenTexts(schema: z.ZodType, value: unknown): string[] {
  const hidden = new Set<string>()
  const hide = (text: string) => {
    for (const part of besideAddresses(text)) {
      // Of `"Ana" <ana@example.com>` this leaves the name.
      const bare = part.trim().replace(/^[\s<>"]{1,4}|[\s<>"]{1,4}$/g, "")
      if (isTelling(bare)) hidden.add(bare)
    }
  }
  const compare = (value: unknown, shown: unknown) => {
    if (isObject(value))
      for (const [key, item] of Object.entries(value)) {
        const isShown = isObject(shown) && Object.hasOwn(shown, key)
        if (!isShown && !Array.isArray(value) && !fieldsOf(schema).has(key)) hide(key)
        compare(item, isShown ? shown[key] : REDACTED)
      }
    else if (isText(value) && value !== shown) hide(String(value))
  }
  compare(value, redact(schema, value))
  return [...hidden]
}

const isTelling = (text: string) => text.length >= (/\p{L}/u.test(text) ? FEWEST.ofLetters : FEWEST.ofDigits)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null

const isText = (value: unknown) =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint"

const fields = new WeakMap<z.ZodType, Set<string>>()

/** The names that a schema itself gives to fields, which tell of nobody. */
function fieldsOf(schema: z.ZodType): Set<string> {
  const known = fields.get(schema)
  if (known) return known
  const names = new Set<string>()
  JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), (key, part) => {
    if (key === "properties") for (const name of Object.keys(part)) names.add(name)
    return part
  })
  fields.set(schema, names)
  return names
}
