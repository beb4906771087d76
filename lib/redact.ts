import type { z } from "zod"
import { leafTest } from "./redact-leaves.ts"
import { isTaxId } from "./tax-id.ts"

export const REDACTED = "[redacted]"

/** Kinds of schema that are another one, with a say in when. */
const WRAPPERS = new Set(["optional", "nonoptional", "nullable", "default", "prefault", "catch", "readonly"])

type Redactor = (value: unknown) => unknown
const redactors = new WeakMap<z.ZodType, Redactor>()

/**
 * A copy of `value` without the personal data that the schema marks with `pii()`.
 * What the schema does not know, or this function does not know of schemas, is redacted whole: nothing is shown by oversight.
 */
export const redact = (schema: z.ZodType, value: unknown): unknown => redactorOf(schema)(value)

/** Made once for a schema: every run that ends passes through one. */
function redactorOf(schema: z.ZodType): Redactor {
  const known = redactors.get(schema)
  if (known) return known
  // A schema may hold itself.
  redactors.set(schema, (value) => redactorOf(schema)(value))
  const shown = make(schema)
  const redactor: Redactor = (value) => (value === undefined || value === null ? value : shown(value))
  redactors.set(schema, redactor)
  return redactor
}

interface SchemaDef {
  type: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  keyType?: z.ZodType
  valueType?: z.ZodType
  options?: z.ZodType[]
  discriminator?: string
  innerType?: z.ZodType
  in?: z.ZodType
  out?: z.ZodType
}

const hide: Redactor = () => REDACTED

function make(schema: z.ZodType): Redactor {
  if (schema.meta()?.pii) return hide
  const { def } = schema as unknown as { def: SchemaDef }
  if (WRAPPERS.has(def.type)) return redactorOf(def.innerType!)
  const isLeaf = leafTest(schema)
  if (isLeaf) return (value) => (isLeaf(value) ? value : REDACTED)
  if (def.type === "object") return ofObject(def)
  if (def.type === "record") return ofRecord(def)
  if (def.type === "array") return ofArray(def)
  if (def.type === "union") return def.discriminator ? ofDiscriminated(def) : ofUnion(def)
  if (def.type === "pipe") return ofPipe(def)
  return hide
}

function ofObject({ shape = {} }: SchemaDef): Redactor {
  const fields = new Map(Object.entries(shape).map(([key, field]) => [key, redactorOf(field)]))
  return (value) => {
    if (!isRecord(value)) return REDACTED
    const shown: Record<string, unknown> = {}
    let hidden = false
    for (const key of Object.keys(value)) {
      const field = fields.get(key)
      if (field) shown[key] = field(value[key])
      else hidden = true
    }
    if (hidden) shown[REDACTED] = REDACTED
    return shown
  }
}

function ofRecord({ keyType, valueType }: SchemaDef): Redactor {
  const key = redactorOf(keyType!)
  const item = redactorOf(valueType!)
  return (value) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, held]) => [String(key(name)), item(held)]))
      : REDACTED
}

function ofArray({ element }: SchemaDef): Redactor {
  const item = redactorOf(element!)
  return (value) => (Array.isArray(value) ? value.map((held) => item(held)) : REDACTED)
}

/** By the option its discriminator names; what else it holds is then judged field by field. */
function ofDiscriminated(def: SchemaDef): Redactor {
  const byName = new Map(namesOf(def).map(([name, option]) => [name, redactorOf(option)]))
  return (value) => {
    const option = isRecord(value) && byName.get(value[def.discriminator!])
    return option ? option(value) : REDACTED
  }
}

const namesOf = ({ options = [], discriminator = "" }: SchemaDef) =>
  options.flatMap((option) =>
    [...(option._zod.propValues?.[discriminator] ?? [])].map((name): [unknown, z.ZodType] => [name, option]),
  )

/** As the first option that it is. */
function ofUnion({ options = [] }: SchemaDef): Redactor {
  const redactors = options.map((option) => [isOneOf(option), redactorOf(option)] as const)
  return (value) => {
    for (const [isOne, redactor] of redactors) if (isOne(value)) return redactor(value)
    return REDACTED
  }
}

/** Whether a value is meant as this: by its name where there is one, though it may not be right, else by whether it is right. */
function isOneOf(option: z.ZodType): (value: unknown) => boolean {
  const def = option.def as SchemaDef
  if (!def.discriminator) return (value) => option.safeParse(value).success
  const names = new Set(namesOf(def).map(([name]) => name))
  return (value) => isRecord(value) && names.has(value[def.discriminator!])
}

function ofPipe(def: SchemaDef): Redactor {
  const before = redactorOf(def.in!)
  const after = redactorOf(def.out!)
  return (value) => (before(value) === REDACTED ? REDACTED : after(value))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// Every repetition is bounded, so that a long text costs no more than its length.
const address = (at: string) =>
  new RegExp(
    `([\\p{L}\\p{N}_.+-])[\\p{L}\\p{N}_.+%'-]{0,63}${at}((?:[\\p{L}\\p{N}-]{1,63}\\.){1,9}\\p{L}{2,24})`,
    "gu",
  )
const EMAIL = address("@")
const ENCODED_AT = /%(?:25){0,2}40/
const ENCODED_EMAIL = address(ENCODED_AT.source)
const TOKEN = /(?<![\p{L}\p{N}])(Bearer\s{1,9}|est_|re_|whsec_)[\w.~+/=-]{6,}/gu
const PRESIGNED = /\b(X-Amz-(?:Signature|Security-Token)=)[\w%.~+/=-]{1,4000}/g
const CREDENTIALS = /\b(\w{1,20}:\/\/[^\s:/@"]{0,200}:)[^\s@/"]{1,500}@/g
const TAX_ID =
  /(?<![\w.-])(?:\d{3}\.\d{3}\.\d{3}-\d{2}|[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}\/[\dA-Z]{4}-\d{2})(?![\w-])/g
const BARE_TAX_ID = /(?<![\p{L}\p{N}]|\d\.)(?:[\dA-Z]{12}\d{2}|\d{11})(?![\p{L}\p{N}]|\.\d)/gu

// To look for a sign costs next to nothing, to match costs every line of every run.
const SIGN = /[@%_B.]/
const LONG_NUMBER = /[\dA-Z]{11}/

/** Free text without e-mail addresses (`u***@example.com`), tokens, passwords in URLs, and CPF or CNPJ numbers. */
export function redactText(text: string): string {
  let told = text
  if (SIGN.test(told)) {
    if (told.includes("@")) told = told.replace(CREDENTIALS, "$1***@").replace(EMAIL, "$1***@$2")
    if (ENCODED_AT.test(told)) told = told.replace(ENCODED_EMAIL, "$1***@$2")
    if (told.includes("_") || told.includes("Bearer")) told = told.replace(TOKEN, "$1***")
    if (told.includes("X-Amz-")) told = told.replace(PRESIGNED, "$1***")
    if (told.includes(".")) told = told.replace(TAX_ID, "***")
  }
  if (LONG_NUMBER.test(told)) told = told.replace(BARE_TAX_ID, (number) => (isTaxId(number) ? "***" : number))
  return told
}

/** Free text with its e-mail addresses shortened, and the rest as it is. */
export const shortenAddresses = (text: string) =>
  text.includes("@") ? text.replace(EMAIL, "$1***@$2") : text

/** What stands before, between and after the e-mail addresses of a text. */
export const besideAddresses = (text: string) => text.replace(EMAIL, "\0").split("\0")
