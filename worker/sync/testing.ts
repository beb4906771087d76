import { insertIntegration } from "../../db/integrations.ts"
import { pool } from "../../db/pool.ts"
import type { PartnerName } from "../../lib/partners/index.ts"
import { sealSecrets } from "../../lib/partners/secrets.ts"
import type { Partners } from "../../sandbox/partners/simulator.ts"

const FEED_TOKEN = "the-token-of-the-feed"
const LEAD_SECRET = "the-secret-of-the-leads"
const INBOUND_SECRET = "what-zapier-comes-with"

/** An agency's integration with one of the simulators. */
export async function integrate(agencyId: number, provider: PartnerName, partners: Partners) {
  const set: Partial<Record<PartnerName, { settings: object; secrets: Record<string, string> }>> = {
    crm: { settings: partners.crmSettings, secrets: { token: partners.crmToken } },
    zapier: {
      settings: {},
      secrets: {
        ...{ url: partners.hookUrl, signingSecret: partners.hookSecret },
        inboundSecret: INBOUND_SECRET,
      },
    },
    "real-estate-portal": {
      settings: { displayAddress: "Street" },
      secrets: { feedToken: FEED_TOKEN, leadSecret: LEAD_SECRET },
    },
  }
  const { settings, secrets } = set[provider]!
  const made = await insertIntegration({
    ...{ agencyId, provider, enabled: true, settings: settings as never },
    secrets: sealSecrets({ agencyId, provider }, secrets),
    secretNames: Object.keys(secrets),
  })
  return made!
}

/** The leads of an agency, as they came. */
export const leadsOf = async (agencyId: number) =>
  await pool()<
    {
      id: number
      name: string
      email: string | null
      phone: string | null
      message: string | null
      propertyId: number | null
      assignedTo: number | null
      source: string
      interest: string | null
    }[]
  >`
    select id, name, email, phone, message, property_id, assigned_to, source, interest
    from leads
    where agency_id = ${agencyId}
    order by id
  `

/** What became of the items of a run, or of all. */
export const itemsOf = async (integrationId: number) =>
  await pool()<{ direction: string; entity: string; item: string; outcome: string; reasons: string[] }[]>`
    select direction, entity, item, outcome, reasons
    from sync_items
    where integration_id = ${integrationId}
    order by id
  `
