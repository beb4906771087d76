import { type Db, pool } from "./pool.ts"

/** Who rents, and how to reach them. */
export interface Renter {
  id: number
  name: string
  email: string | null
}

/** A renter by their id. */
export async function findRenter(id: number, db: Db = pool()): Promise<Renter | undefined> {
  const [renter] = await db<Renter[]>`select id, name, email from renters where id = ${id}`
  return renter
}
