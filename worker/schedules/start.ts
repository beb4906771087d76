import type { JobDefinition } from "../../lib/jobs/define.ts"
import { schedulesOf } from "../../lib/schedules/declared.ts"
import { alarm } from "../../lib/schedules/queue.ts"
import type { AnyProcessor } from "../execute.ts"
import { keepDoing } from "../keep-doing.ts"
import type { Work } from "../work.ts"
import { alarmProcessor } from "./processor.ts"
import { HEAL_EVERY, heal, reconcile } from "./reconcile.ts"

interface Options {
  /** Whose schedules; all there are unless said otherwise. */
  jobs?: readonly JobDefinition[]
  /** Milliseconds between two looks for what Redis has lost. */
  healEvery?: number
}

const what = {
  source: "Schedules",
  waits: "The schedules wait to be put in order",
  done: "The schedules are in order",
}

/** The work on the queue of the alarms, beside that of the jobs. */
export const alarmWork = ({ jobs }: Options = {}): Work => ({
  job: alarm,
  processor: alarmProcessor(schedulesOf(jobs)) as AnyProcessor,
})

/**
 * Declare the schedules of this process, as soon as Redis and PostgreSQL are there, and look after their alarms until stopped.
 * The alarms ring on the queue of `alarmWork`.
 */
export function keepSchedules({ jobs, healEvery = HEAL_EVERY }: Options = {}) {
  const schedules = schedulesOf(jobs)
  let lookedAt: Date | undefined
  const look = async () => {
    if (lookedAt) await heal(schedules, new Date(), lookedAt)
    else await reconcile(schedules, new Date())
    lookedAt = new Date()
  }
  return keepDoing(look, what, healEvery)
}
