/** What of JSON Schema an example is made from. */
export interface JsonSchema {
  type?: string
  const?: unknown
  enum?: unknown[]
  default?: unknown
  examples?: unknown[]
  format?: string
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  propertyNames?: JsonSchema
  additionalProperties?: boolean | JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
}

/** The id of the run that examples are of. */
export const RUN_ID = "019c476c-3600-7c3a-9b1e-6f2d80a4c517"

/** A value that a schema takes, the same each time; what of it is a mere text, without an example, is left out. */
export function exampleOf(schema: JsonSchema): unknown {
  const [given = schema.const ?? schema.default ?? schema.enum?.[0]] = schema.examples ?? []
  if (given !== undefined) return given
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(exampleOf))
  const [choice] = schema.anyOf ?? schema.oneOf ?? []
  return choice ? exampleOf(choice) : byType[schema.type ?? ""]?.(schema)
}

const FORMATS: Record<string, string> = {
  uuid: RUN_ID,
  email: "ana@example.com",
  uri: "https://example.com/",
  date: "2026-02-10",
  "date-time": "2026-02-10T12:00:00.000Z",
}

const byType: Record<string, (schema: JsonSchema) => unknown> = {
  null: () => null,
  boolean: () => true,
  integer: ({ minimum = 1, exclusiveMinimum = 0, maximum = Number.POSITIVE_INFINITY }) =>
    Math.min(Math.max(1, minimum, exclusiveMinimum + 1), maximum),
  number: (schema) => byType.integer!(schema),
  string: ({ format = "" }) => FORMATS[format],
  array: ({ items = {} }) => [exampleOf(items)].filter((item) => item !== undefined),
  object: ({ properties = {}, propertyNames = {}, additionalProperties }) => {
    const more = typeof additionalProperties === "object" ? propertyNames.enum?.slice(0, 1) : undefined
    const named = (more ?? []).map((name) => [name, additionalProperties] as [string, JsonSchema])
    const examples = [...Object.entries(properties), ...named].map(([name, schema]) => [
      name,
      exampleOf(schema),
    ])
    return Object.fromEntries(examples.filter(([, example]) => example !== undefined))
  },
}
