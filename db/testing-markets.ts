import { toGeohash } from "../lib/geohash.ts"
import type { Store } from "../lib/offer.ts"
import { pool } from "./pool.ts"

/** A market on a corner. */
export const corner = {
  name: "Mercado Bom Vizinho",
  legalName: "Tanaka & Tanaka Ltda",
  street: "Avenida Kakogawa",
  number: "655",
  city: "Maringá",
  uf: "PR",
  latitude: -23.3921,
  longitude: -51.9369,
}

/** The same, as its till calls it. */
export const till: Store = {
  code: "till",
  name: "BOM VIZINHO",
  legalName: "TANAKA E TANAKA LTDA",
  street: "AV KAKOGAWA",
  number: "00655",
  district: "GREVILEAS",
  city: "MARINGA",
  uf: "PR",
  geohash: toGeohash(corner, 11),
}

/** Add the market, with these fields instead; resolves with its id. */
export async function addMarket(given: Partial<typeof corner> & { active?: boolean } = {}): Promise<number> {
  const [row] = await pool()<[{ id: number }]>`
    insert into markets ${pool()({ ...corner, ...given })} returning id
  `
  return row.id
}
