import type { Job as QueuedJob } from "bullmq"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { outcomeOf } from "../lib/runs-outcome.ts"
import { tellError } from "../lib/tell-all.ts"
import { workerLog } from "./narrator.ts"
import type { EndedTry, Observer, Outcome, Try } from "./observer.ts"
import { tellOf } from "./tell.ts"

/** Tells the observers what becomes of a queue's runs. One that fails is logged, and no run's concern. */
export function createAccount(job: JobDefinition, observers: Observer[]) {
  const tries = new WeakMap<QueuedJob, Try>()
  const forgotten = new WeakSet<QueuedJob>()

  const tell = (say: (observer: Observer) => void) => {
    for (const observer of observers) {
      try {
        say(observer)
      } catch (error) {
        workerLog(job.name).error("An account of a run could not be kept", { error })
      }
    }
  }
  const end = (begun: Try, outcome: Outcome, more: { result?: unknown; error?: Error }) => {
    const ended: EndedTry = Object.assign(begun, { outcome, endedAt: Date.now() }, more)
    tell((observer) => observer.ended?.(ended))
  }

  return {
    /** A run was taken. */
    begin(queued: QueuedJob): Try {
      const begun = tryOf(job, queued, queued.attemptsMade + 1)
      tries.set(queued, begun)
      tell((observer) => observer.started?.(begun))
      return begun
    },
    /** It is in its queue again. */
    putBack: (begun: Try, outcome: "postponed" | "handed-back", error: Error) =>
      end(begun, outcome, { error: tellError(error, tellOf(begun)) }),
    said: (begun: Try) => tell((observer) => observer.said?.(begun)),
    ignored: (begun: Try) => tell((observer) => observer.ignored?.(begun)),
    stalled: (id: string) => tell((observer) => observer.stalled?.(job, id)),
    /** It is one that others know of: its end is told to nobody. */
    forget: (queued: QueuedJob) => void forgotten.add(queued),
    completed(queued: QueuedJob, result: unknown) {
      if (!forgotten.has(queued)) end(known(queued), "completed", { result })
    },
    failed(queued: QueuedJob, error: Error) {
      const begun = known(queued)
      const outcome = queued.finishedOn ? outcomeOf(error.message) : "retrying"
      end(begun, outcome, { error: tellError(error, tellOf(begun)) })
    },
  }

  /** The try of a run that Redis says has ended; none was begun of one that was cancelled, or left behind too often. */
  function known(queued: QueuedJob): Try {
    return tries.get(queued) ?? tryOf(job, queued, queued.attemptsMade)
  }
}

export type Account = ReturnType<typeof createAccount>

const tryOf = (job: JobDefinition, queued: QueuedJob, attempt: number): Try => ({
  job,
  queued,
  payload: undefined,
  attempt,
  startedAt: queued.processedOn ?? Date.now(),
  lines: [],
  stages: [],
})
