import type { Listing } from "../lib/partners/listing.ts"
import { type Db, pool } from "./pool.ts"

/** The next properties that an agency offers, by their ids. */
export const listListings = async (
  agencyId: number,
  { after, limit }: { after: number; limit: number },
  db: Db = pool(),
): Promise<Listing[]> =>
  await db<Listing[]>`
    select id, code, title, description, type, category, rent_cents, price_cents, condo_cents, iptu_cents, street, number,
      complement, district, city, uf, zip_code, bedrooms, bathrooms, parking_spaces, area_m2::float8 as area_m2, features, images
    from properties
    where agency_id = ${agencyId} and status = 'available' and id > ${after}
    order by id
    limit ${limit}
  `

/** How an agency is called and reached, and the zone of its clock. */
export async function findAdvertiser(agencyId: number, db: Db = pool()) {
  const [agency] = await db<
    [{ agency: string; slug: string; email: string | null; phone: string | null; timeZone: string }]
  >`
    select name as agency, slug, email, phone, time_zone
    from agencies
    where id = ${agencyId}
  `
  return agency
}
