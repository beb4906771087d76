import type { InboundLead, Lead } from "../../lib/partners/lead.ts"
import type { Db } from "../pool.ts"

/** The property of this code, or null: what a partner calls otherwise is not one of ours. */
const propertyOf = (agencyId: number, code: string | null, db: Db) => db`
  (select id from properties where agency_id = ${agencyId} and code = ${code})
`

/** Who looks after the lead: of the agency's brokers, the one who has had none for the longest. */
const nextBroker = (agencyId: number, db: Db) => db`
  (
    select broker.id
    from users as broker
    where broker.agency_id = ${agencyId} and role = 'broker'
    order by (
      select max(lead.created_at) from leads as lead where lead.agency_id = broker.agency_id and assigned_to = broker.id
    ) nulls first, broker.id
    limit 1
  )
`

export interface KeptLead {
  id: number
  propertyId: number | null
  assignedTo: number | null
}

/** Keep somebody who is interested, and have a broker look after them. */
export async function insertLead(
  agencyId: number,
  lead: Lead & Partial<Pick<InboundLead, "source">>,
  tx: Db,
): Promise<KeptLead> {
  const [row] = await tx<[KeptLead]>`
    with property as materialized (
      select ${propertyOf(agencyId, lead.propertyCode, tx)} as id
    )
    insert into leads (agency_id, property_id, assigned_to, name, email, phone, message, source, interest)
    select ${agencyId}, property.id, ${nextBroker(agencyId, tx)}, ${lead.name}, ${lead.email}, ${lead.phone},
      ${lead.message}, ${lead.source ?? "other"},
      coalesce(${lead.interest}, (select category from properties where properties.id = property.id))
    from property
    returning id, property_id, assigned_to
  `
  return row
}

/** Take what a partner tells of a lead; what it says nothing of, and how far the lead has come, stays. */
export async function updateLead(id: number, agencyId: number, lead: Lead, tx: Db) {
  await tx`
    update leads
    set name = ${lead.name}, email = ${lead.email}, phone = ${lead.phone}, message = ${lead.message},
      interest = coalesce(${lead.interest}, interest),
      property_id = coalesce(${propertyOf(agencyId, lead.propertyCode, tx)}, property_id)
    where id = ${id} and agency_id = ${agencyId}
  `
}

/** Delete a lead. */
export async function deleteLead(id: number, agencyId: number, tx: Db) {
  await tx`delete from leads where id = ${id} and agency_id = ${agencyId}`
}

/** What the mail to whoever looks after a lead says of it. */
export async function describeLead(id: number, tx: Db) {
  const [row] = await tx<
    {
      brokerId: number
      brokerName: string
      brokerEmail: string
      locale: "pt-BR" | "en"
      timeZone: string
      title: string | null
    }[]
  >`
    select broker.id as broker_id, broker.name as broker_name, broker.email as broker_email, broker.locale, time_zone, property.title
    from leads as lead
    join agencies on agencies.id = lead.agency_id
    join users as broker on broker.id = lead.assigned_to
    left join properties as property on property.id = lead.property_id
    where lead.id = ${id}
  `
  return row
}
