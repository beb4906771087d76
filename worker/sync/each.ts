import { v5 as uuidv5 } from "uuid"
import { listActive } from "../../db/integrations.ts"
import { endedRuns } from "../../db/schedules.ts"
import { enqueue } from "../../lib/enqueue.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import type { Run } from "../run.ts"

/** The namespace of the ids of runs that follow from another. */
const IDS = "5b1f7a0e-8c55-4f0c-9a5b-3f0e4f3f2c6d"

/** Ask for the same of each integration that is enabled; ids follow from the run's own, so that it is asked for once however often this is tried. */
export async function askOfEach(
  payload: JobPayload<typeof integrationSync>,
  run: Pick<Run, "id" | "signal">,
): Promise<string[]> {
  const runs = (await listActive(payload)).map((integration) => ({
    ...integration,
    id: uuidv5(`integration-sync/${run.id}/${integration.id}`, IDS),
  }))
  // Redis forgets the ids of runs that have ended, the ledger does not.
  const ended = await endedRuns(runs.map(({ id }) => id))
  for (const { agencyId, provider, id } of runs) {
    run.signal.throwIfAborted()
    if (ended.has(id)) continue
    await enqueue(integrationSync, { ...payload, agencyId, provider }, {}, { id, name: `sync-${provider}` })
  }
  return runs.map(({ id }) => id)
}
