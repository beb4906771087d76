import type postgres from "postgres"
import type { Entity } from "../../lib/partners/entities.ts"
import type { Db } from "../pool.ts"

type Fragment = postgres.PendingQuery<postgres.Row[]>

/**
 * What partners are told of each thing of an agency, as `id`, `created_at` and `content`: with what follows from it, whether
 * it has changed. Nothing of it says when: moments would make everything new.
 */
const contents: Record<Entity, (agencyId: number, db: Db) => Fragment> = {
  lead: (agencyId, db) => db`
    select lead.id, lead.created_at, jsonb_build_object(
      'name', lead.name, 'email', email, 'phone', phone, 'message', message, 'source', source, 'interest', interest,
      'stage', lead.status, 'propertyCode', property.code
    ) as content
    from leads as lead
    left join properties as property on property.id = lead.property_id
    where lead.agency_id = ${agencyId}
  `,
  property: (agencyId, db) => db`
    select id, created_at, jsonb_build_object(
      'code', code, 'title', title, 'description', description, 'type', type, 'category', category, 'status', status,
      'rentCents', rent_cents, 'priceCents', price_cents, 'condoCents', condo_cents, 'iptuCents', iptu_cents,
      'street', street, 'number', number, 'complement', complement, 'district', district, 'city', city, 'uf', uf,
      'zipCode', zip_code, 'bedrooms', bedrooms, 'bathrooms', bathrooms, 'parkingSpaces', parking_spaces,
      'areaM2', area_m2, 'features', to_jsonb(features), 'images', to_jsonb(images)
    ) as content
    from properties
    where agency_id = ${agencyId}
  `,
  contract: (agencyId, db) => db`
    select contract.id, contract.created_at, jsonb_build_object(
      'number', contract.number, 'status', contract.status, 'propertyCode', property.code, 'startDate', start_date,
      'endDate', end_date, 'endedOn', ended_on, 'rentCents', contract.rent_cents, 'adjustmentIndex', adjustment_index
    ) as content
    from rental_contracts as contract
    join properties as property on property.id = contract.property_id
    where contract.agency_id = ${agencyId}
  `,
}

/** Each thing of an agency with what partners are told of it, as a query of `id`, `created_at`, `content` and `version`. */
export const versionsOf = (entity: Entity, agencyId: number, db: Db): Fragment => db`
  select id, created_at, content, md5(content::text) as version
  from (${contents[entity](agencyId, db)}) as each
`

const TABLES: Record<Entity, string> = { lead: "leads", property: "properties", contract: "rental_contracts" }

/** The table of an entity. */
export const tableOf = (entity: Entity): string => TABLES[entity]
