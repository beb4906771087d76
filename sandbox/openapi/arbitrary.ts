import fc from "fast-check"

/** What of JSON Schema zod writes. */
export interface JsonSchema {
  type?: string
  const?: unknown
  enum?: unknown[]
  examples?: unknown[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minItems?: number
  maxItems?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
}

const usual = fc.date({
  noInvalidDate: true,
  min: new Date("1900-01-01"),
  max: new Date("2100-01-01"),
})

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  email: fc.emailAddress(),
  uri: fc.webUrl(),
  date: fc.oneof(
    { weight: 4, arbitrary: usual.map((date) => date.toISOString().slice(0, 10)) },
    fc.constantFrom("0000-01-01", "0001-01-01", "9999-12-31"),
  ),
  "date-time": fc.oneof(
    { weight: 4, arbitrary: usual.map((date) => date.toISOString()) },
    fc.constantFrom("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
  ),
}

/** Text of the worst kind as well. */
export const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    "\0",
    "a\0b",
    "%00",
    "../..",
    "'; --",
    "\ud800",
    "__proto__",
    "1e400",
    "x".repeat(5_000),
  ),
)

/** Anything that JSON can say. */
export const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  text,
  fc.constantFrom<unknown>(-1, 0, 2 ** 53, 1e308, -0.5, [], {}, null, true),
)

/** Values that a schema takes, as far as it says which. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map(valuesOf))
  if (schema.allOf) return fc.tuple(...schema.allOf.map(valuesOf)).map((parts) => Object.assign({}, ...parts))
  return byType[schema.type ?? ""]?.(schema) ?? anything
}

const SAFE = Number.MAX_SAFE_INTEGER

const byType: Record<string, (schema: JsonSchema) => fc.Arbitrary<unknown>> = {
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  integer: ({ minimum = -SAFE, exclusiveMinimum = minimum - 1, maximum = SAFE }) =>
    fc.oneof(
      fc.integer({ min: Math.max(minimum, exclusiveMinimum + 1, -SAFE), max: Math.min(maximum, SAFE) }),
      fc.constant(Math.min(Math.max(1, minimum, exclusiveMinimum + 1), maximum)),
    ),
  number: ({ minimum = -1e9, maximum = 1e9 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  string: ({ format = "", pattern, minLength = 0, maxLength = 200 }) =>
    FORMATS[format] ??
    // A pattern that looks around cannot be drawn from.
    (pattern && !/\(\?<?[=!]/.test(pattern)
      ? fc.stringMatching(new RegExp(pattern, "u"))
      : fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, 200)) })),
  array: ({ items = {}, minItems = 0, maxItems = 5 }) =>
    fc.array(valuesOf(items), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 5)) }),
  object: ({ properties = {}, required = [], additionalProperties }) => {
    const known = fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema)])),
      { requiredKeys: required.filter((name) => name in properties) },
    )
    if (typeof additionalProperties !== "object") return known
    const more = fc.dictionary(text, valuesOf(additionalProperties), { maxKeys: 3 })
    return fc.tuple(more, known).map(([more, known]) => ({ ...more, ...known }))
  },
}

/** A value with something in it that is not what it was: taken away, put there, or another. */
export const brokenOf = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(values, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), anything, fc.nat(2))
    .map(([value, path, other, how]) => broken(structuredClone(value), path, other, how))

function broken(value: unknown, [step = 0, ...path]: number[], other: unknown, how: number): unknown {
  if (typeof value !== "object" || value === null) return other
  const inside = value as Record<string, unknown>
  const keys = Object.keys(inside)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined || how === 0)
    return Array.isArray(value) ? [...value, other] : { ...value, strange: other }
  if (path.length === 0 && how === 1) delete inside[key]
  else inside[key] = broken(inside[key], path, other, how)
  return value
}
