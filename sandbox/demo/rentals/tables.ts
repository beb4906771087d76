import { readTable } from "../../psv.ts"

const table = (name: string) => readTable(new URL(`${name}.psv`, import.meta.url))

/** The people and homes of the demo, each with a word that the others name it by, and its contracts. */
export const tables = {
  owners: table("owners"),
  renters: table("renters"),
  properties: table("properties"),
  contracts: table("contracts"),
}

/** The line of a table with this key. */
export function lineOf(name: "owners" | "renters" | "properties", key: string) {
  const line = tables[name].find((each) => each.key === key)
  if (!line) throw new Error(`${name}.psv has no ${key}`)
  return line
}

/** Reais as they stand in a table, in cents; nought when they are left out. */
export const centsOf = (reais: string | undefined) => Math.round(Number(reais || 0) * 100)
