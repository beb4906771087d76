import type { InboundLead } from "../../lib/partners/lead.ts"
import type { Integration } from "../integrations.ts"
import type { Db } from "../pool.ts"
import { versionOf } from "./changes.ts"
import { addItem } from "./items.ts"
import { insertLead, type KeptLead } from "./leads.ts"
import { insertRef } from "./refs.ts"

/** Keep a lead that has come by itself; undefined when it had come before, as it may any number of times. */
export async function takeInbound(
  { id, agencyId, provider }: Pick<Integration, "id" | "agencyId" | "provider">,
  { externalId, ...lead }: InboundLead,
  tx: Db,
): Promise<KeptLead | undefined> {
  const scope = { agencyId, provider, entity: "lead" as const }
  // Whoever brings the same lead at the same time waits here for the other.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`lead ${agencyId} ${provider} ${externalId}`}, 0))`
  const [known] = await tx`
    select 1
    from external_refs
    where agency_id = ${agencyId} and provider = ${provider} and entity = 'lead' and external_id = ${externalId}
  `
  if (known) return undefined

  const kept = await insertLead(agencyId, lead, tx)
  const pushedVersion = (await versionOf(scope, kept.id, tx)) ?? null
  await insertRef(
    scope,
    { externalId, localId: kept.id, origin: "there", contentHash: null, pushedVersion },
    tx,
  )
  const isUnknown = lead.propertyCode !== null && kept.propertyId === null
  await addItem(
    id,
    {
      ...{
        runId: null,
        direction: "pull",
        entity: "lead",
        item: externalId,
        localId: kept.id,
        outcome: "created",
      },
      reasons: isUnknown ? [`no property here has the code ${lead.propertyCode}`] : [],
    },
    tx,
  )
  return kept
}
