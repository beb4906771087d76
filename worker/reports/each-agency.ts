import { v5 as uuidv5 } from "uuid"
import { listAgencyIds } from "../../db/agencies.ts"
import { endedRuns } from "../../db/schedules.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { report } from "../../lib/jobs/report.ts"
import type { Run } from "../run.ts"
import type { ReportPayload } from "./make.ts"

/** What the ids of these runs are made of, with that of the run that asks for them. */
const IDS = "5d0f1f4e-9a57-4f0a-8c65-3b8f0c0a6e21"

/** Ask for the same report of each agency; their ids follow from the run's own, so that it is asked for once however often this is tried. */
export async function askOfEachAgency(
  payload: ReportPayload,
  run: Pick<Run, "id" | "signal">,
): Promise<string[]> {
  const runs = (await listAgencyIds()).map((agencyId) => ({
    agencyId,
    id: uuidv5(`report/${run.id}/${agencyId}`, IDS),
  }))
  // Redis forgets the ids of runs that have ended, the ledger does not.
  const ended = await endedRuns(runs.map(({ id }) => id))
  for (const { agencyId, id } of runs) {
    run.signal.throwIfAborted()
    if (!ended.has(id)) await enqueue(report, { ...payload, agencyId }, {}, { id })
  }
  return runs.map(({ id }) => id)
}
