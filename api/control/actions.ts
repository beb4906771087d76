import type { z } from "zod"
import { cleanRuns } from "../../lib/control/clean.ts"
import { removeRun } from "../../lib/control/remove.ts"
import { retryRun } from "../../lib/control/retry.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { onQueue } from "../../lib/queues.ts"
import type { EndState } from "../../lib/runs-outcome.ts"
import { describeChange } from "../access/principal.ts"
import { HttpError } from "../errors.ts"
import type { toldSuccess } from "./told.ts"

type Success = z.output<typeof toldSuccess>

/** Have a run that has failed tried once more. Throws 404 and 409. */
export async function retry(job: JobDefinition, id: string, request: Request): Promise<Success> {
  const found = await retryRun(job, id)
  if (!found) throw notFound()
  if (found !== "retried")
    throw new HttpError(
      409,
      `Only a run that has failed can be retried: ${id} on queue ${job.name} is ${found}`,
    )
  describeChange(request, { target: targetOf(job, id), after: { status: "waiting" } })
  return done(`Run ${id} on queue ${job.name} is tried once more`)
}

/** Take a run out of its queue. Throws 404 and 409. */
export async function remove(job: JobDefinition, id: string, request: Request): Promise<Success> {
  const found = await removeRun(job, id)
  if (!found) throw notFound()
  if (found === "active")
    throw new HttpError(
      409,
      `A worker is at run ${id} on queue ${job.name}: cancel it first, or wait for its end`,
    )
  describeChange(request, { target: targetOf(job, id), after: { status: "removed" } })
  return done(`Run ${id} is removed from queue ${job.name}`)
}

/** Have no more runs of a queue taken, or have them taken again; those under way go on. */
export async function setPaused(job: JobDefinition, paused: boolean, request: Request): Promise<Success> {
  const before = await onQueue(job, async (queue) => {
    const was = await queue.isPaused()
    await (paused ? queue.pause() : queue.resume())
    return was
  })
  describeChange(request, { target: targetOf(job), before: { paused: before }, after: { paused } })
  return done(`Queue ${job.name} is ${paused ? "paused" : "resumed"}`)
}

/** Have Redis forget runs that ended longer ago than so many milliseconds. */
export async function clean(
  job: JobDefinition,
  { state, olderThan }: { state: EndState; olderThan: number },
  request: Request,
): Promise<Success> {
  const { count, isMore } = await cleanRuns(job, state, olderThan)
  describeChange(request, { target: targetOf(job), after: { removed: count, state, olderThan } })
  const more = isMore ? "; there are more, ask again" : ""
  return { ...done(`${count} ${state} runs are removed from queue ${job.name}${more}`), count }
}

const done = (message: string): Success => ({ success: true, message })

const notFound = () => new HttpError(404, "Job not found")

const targetOf = ({ name }: JobDefinition, id?: string) => (id === undefined ? name : `${name}/${id}`)
