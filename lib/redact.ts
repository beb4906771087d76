import type { z } from "zod"

const REDACTED = "[redacted]"

/** Kinds of schema whose values say nothing more than the schema lets them. */
const LEAVES = new Set(["string", "number", "int", "bigint", "boolean", "date", "enum", "literal", "null"])

/** Kinds of schema that are another one, with a say in when. */
const WRAPPERS = new Set(["optional", "nonoptional", "nullable", "default", "prefault", "catch", "readonly"])

/**
 * A copy of `value` without the personal data that the schema marks with `pii()`.
 * What the schema does not know, or this function does not know of schemas, is redacted whole: nothing is shown by oversight.
 */
export function redact(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value
  if (schema.meta()?.pii) return REDACTED

  const { def } = schema as unknown as { def: SchemaDef }
  if (WRAPPERS.has(def.type)) return redact(def.innerType!, value)
  if (LEAVES.has(def.type)) return schema.safeParse(value).success ? value : REDACTED
  if (def.type === "object" && isRecord(value)) return redactObject(def, value)
  if (def.type === "record" && isRecord(value)) return redactRecord(def, value)
  if (def.type === "array" && Array.isArray(value)) return value.map((item) => redact(def.element!, item))
  if (def.type === "union") return redactUnion(def, value)
  if (def.type === "pipe" && redact(def.in!, value) !== REDACTED) return redact(def.out!, value)
  return REDACTED
}

interface SchemaDef {
  type: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  keyType?: z.ZodType
  valueType?: z.ZodType
  options?: z.ZodType[]
  innerType?: z.ZodType
  in?: z.ZodType
  out?: z.ZodType
}

function redactObject({ shape = {} }: SchemaDef, value: Record<string, unknown>) {
  const known = Object.keys(value).filter((key) => Object.hasOwn(shape, key))
  const shown = Object.fromEntries(known.map((key) => [key, redact(shape[key]!, value[key])]))
  return known.length === Object.keys(value).length ? shown : { ...shown, [REDACTED]: REDACTED }
}

const redactRecord = ({ keyType, valueType }: SchemaDef, value: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(redact(keyType!, key)), redact(valueType!, item)]),
  )

function redactUnion({ options = [] }: SchemaDef, value: unknown) {
  const fitting = options.find((option) => option.safeParse(value).success)
  return fitting ? redact(fitting, value) : REDACTED
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// Every repetition is bounded, so that a long text costs no more than its length.
const EMAIL = /([\p{L}\p{N}_.+-])[\p{L}\p{N}_.+%'-]{0,63}@((?:[\p{L}\p{N}-]{1,63}\.){1,9}\p{L}{2,24})/gu
const TOKEN = /(?<![\p{L}\p{N}])(Bearer\s{1,9}|est_|re_|whsec_)[\w.~+/=-]{6,}/gu
const CREDENTIALS = /\b(\w{1,20}:\/\/[^\s:/@"]{0,200}:)[^\s@/"]{1,500}@/g
const TAX_ID = /(?<![\w.-])(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2})(?![\w-])/g

/** Free text without e-mail addresses (`u***@example.com`), tokens, passwords in URLs, and CPF or CNPJ numbers. */
export const redactText = (text: string) =>
  text
    .replace(CREDENTIALS, "$1***@")
    .replace(EMAIL, "$1***@$2")
    .replace(TOKEN, "$1***")
    .replace(TAX_ID, "***")
