import type { z } from "zod"
import { type Ended, endedPage, type Place, type Source } from "../../lib/control/ended-page.ts"
import { firstIds, type QueuedRun, readRuns } from "../../lib/control/read-runs.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import type { RunStatus } from "../../lib/runs.ts"
import { tellRun } from "../../lib/tell-run.ts"
import { tellForOperators } from "./tell.ts"
import type { toldEntry, toldFailure } from "./told.ts"

/** Which page of a list. */
export interface Page {
  limit: number
  after?: Place | undefined
}

/** Before all that has ended. */
const NEWEST: Place = { at: 999_999_999_999_999, source: "completed", id: "none" }

/** A page of a list, and where the next begins; undefined on the last. */
interface Listed<Item> {
  items: Item[]
  next: Place | undefined
}

/** The runs of these jobs that have failed, the latest first; cancelled ones are among them. */
export async function listFailed(
  jobs: readonly JobDefinition[],
  page: Page,
): Promise<Listed<z.output<typeof toldFailure>>> {
  const sources = jobs.map((job): Source => ({ name: job.name, job, state: "failed" }))
  const { found, next } = await pageOf(sources, page)
  const runs = await readEnded(found)
  const items = runs.map(({ job, run }) => {
    const told = tellForOperators(job, run)
    return { queue: job.name, job: told, error: told.failedReason ?? "" }
  })
  return { items, next }
}

/** What happened on a queue, the latest first: on the first page the runs under way, then those that have ended. */
export async function listLog(job: JobDefinition, page: Page): Promise<Listed<z.output<typeof toldEntry>>> {
  const active = page.after ? [] : await readRuns(job, "active", await firstIds(job, "active", page.limit))
  const sources = (["completed", "failed"] as const).map((state): Source => ({ name: state, job, state }))
  const limit = page.limit - active.length
  if (!limit) return { items: active.map((run) => entryOf(job, run)), next: NEWEST }
  const { found, next } = await pageOf(sources, { ...page, limit })
  const ended = await readEnded(found)
  return { items: [...active, ...ended.map(({ run }) => run)].map((run) => entryOf(job, run)), next }
}

/** One more than is asked for tells whether there is a next page. */
async function pageOf(sources: Source[], { limit, after }: Page) {
  const found = await endedPage(sources, limit + 1, after)
  const page = found.slice(0, limit)
  return { found: page, next: found.length > limit ? page.at(-1) : undefined }
}

/** In their order; those that are gone meanwhile are left out. */
async function readEnded(found: Ended[]): Promise<{ job: JobDefinition; run: QueuedRun }[]> {
  const bySource = Map.groupBy(found, ({ source }) => source)
  const runs = new Map<string, { job: JobDefinition; run: QueuedRun }>()
  await Promise.all(
    [...bySource.values()].map(async (ended) => {
      const { job, state } = ended[0]!
      const read = await readRuns(
        job,
        state,
        ended.map(({ id }) => id),
      )
      for (const run of read) runs.set(`${job.name} ${run.jobId}`, { job, run })
    }),
  )
  return found.flatMap(({ job, id }) => runs.get(`${job.name} ${id}`) ?? [])
}

function entryOf(job: JobDefinition, run: RunStatus): z.output<typeof toldEntry> {
  const { jobId, name, status, data, failedReason, finishedOn, processedOn, createdAt } = tellRun(job, run)
  return {
    jobId,
    name,
    status,
    timestamp: finishedOn ?? processedOn ?? createdAt,
    data,
    ...(status !== "active" && failedReason !== null && { error: failedReason }),
  }
}
