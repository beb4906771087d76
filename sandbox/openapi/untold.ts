import type { JsonSchema } from "./arbitrary.ts"

/** Where a schema takes any text, or anything, and no example tells what that is like. */
export function untold(schema: JsonSchema, path = ""): string[] {
  if (schema.examples || schema.enum || "const" in schema) return []
  // Examples are made of the first of several.
  const parts = schema.allOf ?? schema.anyOf?.slice(0, 1) ?? schema.oneOf?.slice(0, 1)
  if (parts) return parts.flatMap((part) => untold(part, path))
  const inside: Record<string, () => string[]> = {
    object: () => insideOf(schema, path),
    array: () => untold(schema.items ?? {}, `${path}[]`),
    string: () => (schema.format ? [] : [path]),
  }
  return (inside[schema.type ?? ""] ?? (() => (schema.type ? [] : [path])))()
}

function insideOf({ properties, additionalProperties }: JsonSchema, path: string) {
  const more = typeof additionalProperties === "object" ? { "*": additionalProperties } : {}
  return Object.entries({ ...properties, ...more }).flatMap(([name, schema]) =>
    untold(schema, `${path}.${name}`),
  )
}
