import type { JobDefinition } from "../lib/jobs/define.ts"
import {
  type JobName,
  type JobNamed,
  type JobPayload,
  type JobResult,
  jobOf,
  jobs,
} from "../lib/jobs/index.ts"
import { queueOf } from "../lib/queues.ts"
import type { Progress, Run } from "./run.ts"
import { processorOf } from "./work.ts"
import { startWorkers } from "./workers.ts"

/** A run without a queue, which remembers what was said of it. */
export function testRun(given: Partial<Run> = {}): Run & { said: string[]; progressed: Progress[] } {
  const said: string[] = []
  const progressed: Progress[] = []
  return {
    id: crypto.randomUUID(),
    attempt: 1,
    signal: new AbortController().signal,
    progress: (progress) => void progressed.push(progress),
    log: (message) => void said.push(message),
    once: (_key, perform) => perform(),
    ...given,
    said,
    progressed,
  }
}

/** Do a job here and now, as its worker would: the payload is checked, errors come through. */
export async function perform<Name extends JobName>(
  name: Name,
  payload: JobPayload<JobNamed<Name>>,
  run: Run = testRun(),
): Promise<JobResult<JobNamed<Name>>> {
  const job: JobDefinition = jobOf(name)
  const processor = await processorOf(name)
  return (await processor(job.payload.parse(payload) as never, run)) as JobResult<JobNamed<Name>>
}

/** The runs of a job that have not been taken, soonest first, with their payloads. */
export async function enqueued<Name extends JobName>(name: Name) {
  const job: JobDefinition = jobOf(name)
  const waiting = await queueOf(job).getJobs(["waiting", "prioritized", "delayed"], 0, -1, true)
  return waiting.map(({ id, name, data, opts }) => ({
    id: id!,
    name,
    payload: data as JobPayload<JobNamed<Name>>,
    priority: opts.priority,
    delay: opts.delay ?? 0,
  }))
}

/** Work until nothing is waiting and nothing is under way; what is delayed stays. */
export async function tick() {
  const workers = startWorkers()
  const queues = jobs.map(queueOf)
  const busy = async () => {
    const counts = await Promise.all(
      queues.map((queue) => queue.getJobCountByTypes("waiting", "prioritized", "active")),
    )
    return counts.some((count) => count > 0)
  }
  while (await busy()) await new Promise((resolve) => setTimeout(resolve, 5))
  await workers.stop(60)
  workers.disconnect()
}
