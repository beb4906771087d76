import { findIntegration, findIntegrationWith, type Integration, noteSynced } from "../../db/integrations.ts"
import { countItems } from "../../db/sync/items.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { JobPayload, JobResult } from "../../lib/jobs/index.ts"
import type { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { isSpokenTo, type Partner } from "../../lib/partners/define.ts"
import { PartnerGone, PartnerRefuses } from "../../lib/partners/errors.ts"
import { type PartnerName, partnerNamed } from "../../lib/partners/index.ts"
import type { Run } from "../run.ts"
import { stopIntegration } from "./alarm.ts"
import type { Sync } from "./context.ts"
import { publish } from "./feed.ts"
import { Withdrawn, withLease } from "./lease.ts"
import { openLine } from "./line.ts"
import { pull } from "./pull.ts"
import { push, tellBegun } from "./push.ts"

type SyncPayload = JobPayload<typeof integrationSync>
type SyncResult = JobResult<typeof integrationSync>

/** A payload that says with whom. */
type OnePayload = SyncPayload & { agencyId: number; provider: PartnerName }

/** Exchange what there is to exchange with a partner of an agency, fetching before telling. */
export async function syncWith(payload: OnePayload, run: Run): Promise<SyncResult> {
  const { agencyId, provider } = payload
  const partner = partnerNamed(provider)!
  if (!isSpokenTo(partner))
    throw new PermanentError(`${partner.title} is known, and nothing is exchanged with it yet`)
  const found = await findIntegrationWith(agencyId, provider)
  if (!found)
    throw new PermanentError(
      `Agency ${agencyId} has no integration with ${provider}: make one with POST /api/admin/integrations`,
    )
  const status = await withLease(found.id, run, async (held) => {
    const integration = (await findIntegration(found.id))!
    if (integration.status !== "ok") return skipped(whyNot(integration))
    const line = openLine(partner, integration, held.signal)
    const sync: Sync = { ...held, partner, integration, line, run, only: payload.entityId ?? null }
    return await exchange(payload, sync).catch((error) => settle(error, partner, integration))
  })
  return { integrationId: found.id, ...status, ...(await countItems(run.id)), runs: [] }
}

const skipped = (reason: string) => ({ status: "skipped" as const, reason })

const whyNot = ({ status, reason }: Integration) =>
  status === "disabled" ? "the integration is disabled" : `the integration is in error: ${reason}`

async function exchange({ action, entityType }: SyncPayload, sync: Sync) {
  const { partner, integration, run } = sync
  const isWanted = (entity: string) => entityType === undefined || entity === entityType
  const pulls = action === "push" ? [] : (partner.pull?.entities ?? []).filter(isWanted)
  const pushes = action === "pull" ? [] : (partner.push?.entities ?? []).filter(isWanted)
  const feed = action !== "pull" && isWanted("property") ? partner.feed : undefined
  if (pulls.length + pushes.length === 0 && !feed)
    return skipped(`there is no ${action} of ${entityType ?? "anything"} with ${partner.title}`)

  for (const entity of pulls) {
    if (partner.push?.entities.includes(entity)) await tellBegun(entity, partner.push, sync)
    await pull(entity, partner.pull!, sync)
  }
  run.progress({ percentage: 50, stage: "push", message: `Telling ${partner.title} what has changed` })
  for (const entity of pushes) await push(entity, partner.push!, sync)
  if (feed) await publish(feed, sync)
  await noteSynced(integration.id)
  run.progress({ percentage: 100, stage: "done", message: `All is exchanged with ${partner.title}` })
  return { status: "done" as const, reason: null }
}

/** What is not to be tried again until somebody has seen to it puts the integration in error; the rest is the run's. */
async function settle(error: Error, partner: Partner, integration: Integration) {
  if (error instanceof Withdrawn) return skipped(error.message)
  if (!(error instanceof PartnerRefuses) && !(error instanceof PartnerGone)) throw error
  await stopIntegration(integration, partner, error.message)
  throw new PermanentError(
    `${error.message}: ${partner.title} of agency ${integration.agencyId} is left alone until it is enabled again`,
  )
}
