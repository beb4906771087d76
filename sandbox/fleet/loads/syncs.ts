import { pool } from "../../../db/pool.ts"
import { letHome } from "../../../db/testing-rentals.ts"
import { enqueue } from "../../../lib/enqueue.ts"
import { integrationSync } from "../../../lib/jobs/integration-sync.ts"
import { integrate, itemsOf, leadsOf } from "../../../worker/sync/testing.ts"
import { until } from "../../until.ts"
import { type Load, notOnce, type Outside } from "./load.ts"
import { countEnded } from "./runs.ts"

/** Leads that come at a time, on either side. */
const THERE = 6
const HERE = 4

/** Milliseconds that a last exchange may take. */
const PATIENCE = 60_000

/** An agency whose leads are exchanged with a CRM, and told to whoever takes webhooks. */
export async function exchangeLeads({ partners }: Outside) {
  const { crm, hooks } = partners
  const { agencyId } = await letHome()
  const integrations = {
    crm: await integrate(agencyId, "crm", partners),
    zapier: await integrate(agencyId, "zapier", partners),
  }
  const runs: string[] = []
  const wanted: string[] = []
  let here = 0

  const sync = async (provider: keyof typeof integrations) => {
    const { id } = await enqueue(integrationSync, { agencyId, provider, action: "sync" })
    runs.push(id)
  }
  const isOver = async () => (await countEnded(runs)) === runs.length
  const created = () => crm.effects.filter(({ what }) => what === "created")

  const load: Load = {
    name: "syncs",
    async ask() {
      for (let count = 0; count < THERE; count++) {
        const name = `There ${wanted.length}`
        wanted.push(name)
        crm.put({ name })
      }
      const names = Array.from({ length: HERE }, (_, index) => `Here ${here + index}`)
      here += HERE
      wanted.push(...names)
      await pool()`
        insert into leads (agency_id, name, source, interest)
        select ${agencyId}, name, 'site', 'aluguel' from unnest(${names}::text[]) as name
      `
      for (const provider of ["crm", "zapier"] as const) await sync(provider)
    },
    progress: async () => crm.requests.length + hooks.taken.length,
    isOver,
    async faults() {
      const leads = await leadsOf(agencyId)
      const items = [...(await itemsOf(integrations.crm.id)), ...(await itemsOf(integrations.zapier.id))]
      return [
        ...notOnce(
          wanted,
          leads.map(({ name }) => name),
        ),
        ...notOnce(
          wanted,
          crm.store.of("leads").map(({ data }) => String(data.name)),
        ),
        // What the webhook's receiver was told again came under the id that it had.
        ...notOnce(
          leads.map(({ id }) => `lead.created ${id}`),
          hooks.taken.map(({ type, data }) => `${type} ${data.id}`),
        ),
        // The agency's one property and its contract as well.
        ...(created().length === here + 2 ? [] : [`the CRM has made ${created().length} for ${here + 2}`]),
        ...crm.effects.filter(({ what }) => what !== "created").map((effect) => JSON.stringify(effect)),
        ...items.filter(({ outcome }) => outcome !== "created").map((item) => JSON.stringify(item)),
        // Each lead was exchanged with both, what stands here besides with the CRM.
        ...(items.length === 2 * leads.length + 2 ? [] : [`${items.length} items for ${leads.length} leads`]),
      ]
    },
  }
  return {
    ...load,
    /** Have both told of all that has come from the other. */
    async settle() {
      for (const provider of ["crm", "zapier"] as const) {
        await sync(provider)
        if (!(await until(isOver, PATIENCE)))
          throw new Error(`The last exchange with ${provider} does not end`)
      }
    },
  }
}
