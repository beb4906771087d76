/** In the order in which things are made, as far as what they need allows: with the rows in their middle. */
const before = ["schema", "extension", "type", "function", "sequence", "table", "attachment"] as const
const after = [
  "key",
  "index",
  "parent-key",
  "parent-index",
  "identity",
  "check",
  "foreign-key",
  "view",
  "view-index",
  "statistics",
  "rule",
  "trigger",
  "policy",
  "comment",
  "contents",
] as const

export type Kind = (typeof before)[number] | (typeof after)[number]

/** A statement that makes a part of a schema. */
export interface Statement {
  /** What it makes, by where that stands in the catalogue: `1259:16403`. */
  id: string
  kind: Kind
  /** For people: `public.products`. */
  name: string
  sql: string
  /** The tables without which it means nothing, as `schema.name`; none of what is for no table alone. */
  tables: string[]
  /** The statements that have to come before it. */
  needs: string[]
  /** Whether it comes before the rows, or after them. */
  when: "before" | "after"
}

export const isBefore = (kind: Kind) => (before as readonly Kind[]).includes(kind)

const ranks = new Map<Kind, number>([...before, ...after].map((kind, rank) => [kind, rank]))

export const rankOf = (kind: Kind) => ranks.get(kind)!
