import type postgres from "postgres"
import { sealSecrets } from "../../lib/partners/secrets.ts"
import type { Partners } from "../partners/simulator.ts"
import type { Secrets } from "../secrets.ts"
import { agencies } from "./agencies.ts"

interface Seeding {
  partners: Pick<Partners, "url" | "crmSettings" | "hookUrl" | "portal">
  secrets: Secrets
  /** Where the API is. */
  api: string
}

const PICTURES = ["facade", "living", "kitchen", "bedroom", "bathroom", "balcony"]

/**
 * An integration of each kind for the first demo agency, with the simulators, and pictures of what it offers; one property in six has
 * none, so that there is something to see of what is blocked. What is new is exchanged as soon as there is a worker.
 */
export async function seedIntegrations(sql: postgres.Sql, { partners, secrets, api }: Seeding) {
  const { slug } = agencies[0].row
  const [{ agencyId }] = await sql<
    [{ agencyId: number }]
  >`select id as agency_id from agencies where slug = ${slug}`
  const { crmToken, hookSecret, inboundSecret, feedToken, leadSecret } = secrets
  const wanted = [
    {
      provider: "zapier",
      settings: {},
      given: { url: partners.hookUrl, signingSecret: hookSecret, inboundSecret },
    },
    {
      provider: "real-estate-portal",
      settings: { displayAddress: "Street" },
      given: { feedToken, leadSecret },
    },
    { provider: "crm", settings: partners.crmSettings, given: { token: crmToken } },
  ]
  await sql`
    update properties
    set images = ${PICTURES.map((name) => `${partners.url}/pictures/${name}.jpg`)}
    where agency_id = ${agencyId} and id % 6 <> 0
      and (images = '{}' or images[1] like 'http://127.0.0.1:%/pictures/facade.jpg')
  `
  for (const { provider, settings, given } of wanted) {
    const [{ id, isNew }] = await sql<[{ id: number; isNew: boolean }]>`
      insert into integrations as known (agency_id, provider, enabled, settings, secrets, secret_names)
      values (
        ${agencyId}, ${provider}, true, ${JSON.stringify(settings)}::text::jsonb,
        ${sealSecrets({ agencyId: Number(agencyId), provider }, given)}, ${Object.keys(given)}
      )
      on conflict (agency_id, provider) do update
      set settings = known.settings || excluded.settings, secrets = excluded.secrets, secret_names = excluded.secret_names
      returning id, xmax = 0 as is_new
    `
    if (isNew)
      await sql`
        select enqueue_job('integration-sync', ${JSON.stringify({ agencyId: Number(agencyId), provider })}::text::jsonb)
      `
    if (provider === "real-estate-portal")
      partners.portal.dealWith({
        feed: `${api}/feeds/${slug}/vrsync.xml?token=${feedToken}`,
        leads: `${api}/webhooks/leads/${id}`,
        secret: leadSecret,
      })
  }
}
