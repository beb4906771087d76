import type { JsonSchema } from "./arbitrary.ts"

/** Where a schema takes any text, or anything, and no example tells what that is like. */
export function untold(schema: JsonSchema, path = ""): string[] {
  if (schema.examples || schema.enum || "const" in schema) return []
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices) return choices.flatMap((choice) => untold(choice, path))
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
