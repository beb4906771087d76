import { outcomes } from "../../db/sync/items.ts"
import { PermanentError } from "../../lib/errors.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { isSpokenTo } from "../../lib/partners/define.ts"
import { partnerNamed } from "../../lib/partners/index.ts"
import { askOfEach } from "../sync/each.ts"
import { syncWith } from "../sync/sync.ts"
import { tidyFeeds } from "../sync/tidy.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(integrationSync, async (payload, run) => {
  const { agencyId, provider } = payload
  if (agencyId !== undefined && provider !== undefined)
    return await syncWith({ ...payload, agencyId, provider }, run)
  const partner = provider && partnerNamed(provider)
  if (partner && !isSpokenTo(partner))
    throw new PermanentError(`${partner.title} is known, and nothing is exchanged with it yet`)
  const none = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<
    (typeof outcomes)[number],
    number
  >
  const runs = await askOfEach(payload, run)
  const tidied = await tidyFeeds(run.signal)
  if (tidied > 0) run.log(`${tidied} feeds of integrations that were removed are deleted`)
  return { integrationId: null, status: "done" as const, reason: null, pulled: none, pushed: none, runs }
})
