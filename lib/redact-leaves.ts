import type { z } from "zod"

/** Kinds of schema whose values say nothing more than the schema lets them. */
const LEAVES = new Set(["string", "number", "int", "bigint", "boolean", "date", "enum", "literal", "null"])

interface LeafDef {
  type: string
  format?: string
  checks?: unknown[]
  coerce?: boolean
}

/** How to tell a value of a leaf among schemas, or undefined for a schema that is none. */
export function leafTest(schema: z.ZodType): ((value: unknown) => boolean) | undefined {
  const { def } = schema as unknown as { def: LeafDef }
  if (!LEAVES.has(def.type)) return undefined
  return plainTest(def, schema._zod.values) ?? ((value) => schema.safeParse(value).success)
}

/** The same without zod, where the schema asks for no more than a type. */
function plainTest({ type, format, checks, coerce }: LeafDef, values?: Set<unknown>) {
  if (checks?.length || coerce) return undefined
  if (values) return (value: unknown) => values.has(value)
  if (type === "string" && !format) return (value: unknown) => typeof value === "string"
  if (type === "number" && !format) return Number.isFinite
  if (type === "number" && format === "safeint") return Number.isSafeInteger
  if (type === "boolean") return (value: unknown) => typeof value === "boolean"
  return undefined
}
