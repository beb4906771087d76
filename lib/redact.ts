import type { z } from "zod"

const REDACTED = "[redacted]"

/**
 * A copy of `value` without the personal data that the schema marks with `pii()`.
 * What the schema does not know is redacted whole: nothing is shown by oversight.
 */
export function redact(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value
  if (schema.meta()?.pii) return REDACTED

  const { def } = schema as unknown as { def: SchemaDef }
  switch (def.type) {
    case "object":
      return isRecord(value) ? redactObject(def, value) : REDACTED
    case "array":
      return Array.isArray(value) ? value.map((item) => redact(def.element!, item)) : REDACTED
    case "record":
      return isRecord(value) ? mapValues(value, (item) => redact(def.valueType!, item)) : REDACTED
    case "union":
      return redact(def.options!.find((option) => option.safeParse(value).success) ?? unknownSchema, value)
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return redact(def.innerType!, value)
    case "pipe":
      return redact(def.out!, value)
    case "unknown":
    case "any":
      return REDACTED
    default:
      return schema.safeParse(value).success ? value : REDACTED
  }
}

interface SchemaDef {
  type: string
  shape?: Record<string, z.ZodType>
  catchall?: z.ZodType
  element?: z.ZodType
  valueType?: z.ZodType
  options?: z.ZodType[]
  innerType?: z.ZodType
  out?: z.ZodType
}

const unknownSchema = { meta: () => ({ pii: true }) } as unknown as z.ZodType

function redactObject({ shape = {}, catchall }: SchemaDef, value: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redact(shape[key] ?? catchall ?? unknownSchema, item)]),
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const mapValues = (value: Record<string, unknown>, change: (item: unknown) => unknown) =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))

const EMAIL = /([\p{L}\p{N}_.+-])[\p{L}\p{N}_.+%'-]*@((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/gu
const TOKEN = /\b(Bearer\s+|est_|re_|whsec_)[\w.~+/=-]{6,}/g
const CREDENTIALS = /(\w+:\/\/[^\s:/@]*:)[^\s@]+@/g
const TAX_ID = /(?<![\w.-])(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2})(?![\w-])/g

/** Free text without e-mail addresses (`u***@example.com`), tokens, passwords in URLs, and CPF or CNPJ numbers. */
export const redactText = (text: string) =>
  text
    .replace(CREDENTIALS, "$1***@")
    .replace(EMAIL, "$1***@$2")
    .replace(TOKEN, "$1***")
    .replace(TAX_ID, "***")
