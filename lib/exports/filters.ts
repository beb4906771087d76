import { z } from "zod"
import { pii } from "../pii.ts"

// Columns tell of nobody, and an error names them; what they are compared with may be somebody's.
const text = pii(z.string().max(1_000))
const value = pii(z.union([text, z.number(), z.boolean()], { error: "a text, a number, true or false" }))
const bound = pii(z.union([text, z.number()], { error: "a text or a number" }))

/** What a column has to be; all of it. Ranges and equality are by the column's own type. */
const conditions = z
  .strictObject({
    eq: value,
    ne: value,
    in: z.array(value).min(1).max(1_000),
    lt: bound,
    lte: bound,
    gt: bound,
    gte: bound,
    like: pii(text.describe("as SQL has it: % stands for anything, _ for one character")),
    null: z.boolean(),
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, { error: "at least one condition" })

export type Conditions = z.output<typeof conditions>

const OPERATORS: Record<string, keyof Conditions> = {
  "=": "eq",
  "!=": "ne",
  "<>": "ne",
  "<": "lt",
  "<=": "lte",
  ">": "gt",
  ">=": "gte",
}

/** Operators as SQL writes them stand for their names. */
const named = z.preprocess(
  (given) =>
    typeof given === "object" && given !== null && !Array.isArray(given)
      ? Object.fromEntries(Object.entries(given).map(([key, item]) => [OPERATORS[key] ?? key, item]))
      : given,
  conditions,
)

const column = z.string().regex(/^(?:[a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*$/, {
  error: "a column, or a table and a column: prices.market_id",
})

/** Filters in their one form: conditions by column. */
export const filters = z.record(column, conditions)

export type Filters = z.output<typeof filters>

/** Filters as they may be said: a value for equality, a list for one of them, null for nothing, or conditions. */
export const saidFilters = z.record(
  column,
  z.union([value, z.null(), z.array(value).min(1).max(1_000), named], {
    error: 'a value, a list of values, null, or conditions such as {"gte": 100}',
  }),
)

/** Filters in their one form. */
export const normaliseFilters = (said: z.output<typeof saidFilters>): Filters =>
  Object.fromEntries(Object.entries(said).map(([name, given]) => [name, toConditions(given)]))

function toConditions(given: z.output<typeof saidFilters>[string]): Conditions {
  if (given === null) return { null: true }
  if (Array.isArray(given)) return { in: given }
  return typeof given === "object" ? given : { eq: given }
}
