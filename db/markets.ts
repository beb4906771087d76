import { type Db, pool } from "./pool.ts"

/** A market whose prices are wanted. Its place is null when nobody has looked it up. */
export interface Market {
  id: number
  name: string
  city: string
  uf: string
  latitude: number | null
  longitude: number | null
}

/** Every active market, or the one asked for if it is active. */
export async function activeMarkets(only: number | null = null, db: Db = pool()): Promise<Market[]> {
  return await db<Market[]>`
    select id, name, city, uf, latitude, longitude
    from markets
    where active and (${only}::bigint is null or id = ${only})
    order by id
  `
}
