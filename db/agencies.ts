import type { Locale } from "../lib/locale.ts"
import { type Db, pool } from "./pool.ts"

/** An agency, as documents have to know it. */
export interface Agency {
  id: number
  name: string
  timeZone: string
  /** `#rrggbb`. */
  brandColour: string
}

export async function findAgency(id: number, db: Db = pool()): Promise<Agency | undefined> {
  const [agency] = await db<Agency[]>`
    select id, name, time_zone, brand_colour
    from agencies
    where id = ${id}
  `
  return agency
}

/** The ids of all agencies. */
export async function listAgencyIds(db: Db = pool()): Promise<number[]> {
  const agencies = await db<{ id: number }[]>`
    select id
    from agencies
    order by id
  `
  return agencies.map(({ id }) => id)
}

/** The agency of a user, what they are there, and the language they read. */
export async function findAgencyOfUser(
  userId: number,
  db: Db = pool(),
): Promise<{ agencyId: number; role: string; locale: Locale } | undefined> {
  const [user] = await db<{ agencyId: number; role: string; locale: Locale }[]>`
    select agency_id, role, locale
    from users
    where id = ${userId}
  `
  return user
}
