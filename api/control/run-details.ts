import type { z } from "zod"
import { findAsker } from "../../db/runs.ts"
import { askerOf } from "../../lib/asker.ts"
import { describeQueued } from "../../lib/control/read-runs.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { KEPT, onQueue } from "../../lib/queues.ts"
import { lookAt } from "../../lib/runs.ts"
import { tellRun } from "../../lib/tell-run.ts"
import { revealed } from "../access/reveal.ts"
import { HttpError } from "../errors.ts"
import { fromPostgres } from "../postgres.ts"
import { AWAY, lookUpRun } from "../runs.ts"
import { named } from "./tell.ts"
import type { toldRunDetails } from "./told.ts"

type Details = z.output<typeof toldRunDetails>

/** What is known of a run: without personal data, unless an admin asks for it, which the ledger never has. Throws 403 and 404. */
export const runDetails = (
  job: JobDefinition,
  id: string,
  { reveal, request }: { reveal: boolean; request: Request },
): Promise<Details> =>
  reveal ? revealed(request, `${job.name}/${id}`, () => details(job, id, true)) : details(job, id, false)

async function details(job: JobDefinition, id: string, reveal: boolean): Promise<Details> {
  const queued = await fromRedis(job, id)
  if (queued) return named({ ...(reveal ? queued : tellRun(job, queued)), source: "redis" as const })
  const recorded = await lookUpRun(job, id, { reveal })
  if (!recorded) throw new HttpError(404, "Job not found")
  const askedBy = await fromPostgres(findAsker(job.name, id), AWAY)
  return named({ ...recorded, askedBy, source: "ledger" as const })
}

async function fromRedis(job: JobDefinition, id: string) {
  const found = await lookAt(job, id)
  if (!found) return undefined
  const { queued, state } = found
  const { logs } = await onQueue(job, (queue) => queue.getJobLogs(id, 0, KEPT.lines - 1))
  return { ...describeQueued(job, queued, state), askedBy: askerOf(queued.opts), logs }
}
