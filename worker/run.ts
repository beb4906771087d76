import type { Job as QueuedJob } from "bullmq"
import { createLog, type LogFields } from "../lib/log.ts"
import { redactText } from "../lib/redact.ts"
import { throttle } from "./throttle.ts"

/** How far a run has come; `percentage` is 0 to 100. */
export interface Progress {
  percentage: number
  stage: string
  message: string
}

/** What a processor knows of the run it does, and can say about it. */
export interface Run {
  id: string
  /** 1 at the first try; a run postponed with RetryLater has not been tried. */
  attempt: number
  /** Aborted when the run has to stop; pass it on to whatever can be interrupted. */
  signal: AbortSignal
  /** Say how far the run has come. Written at most twice a second, the last word always. */
  progress(progress: Progress): void
  /** A line for the run's own log and for the worker's. */
  log(message: string, fields?: LogFields): void
}

/** Milliseconds between two writes of a run's progress: each is a billed command. */
const PROGRESS_INTERVAL = 500

/** The run of a queued job; `settle` waits until all it has said is written. */
export function createRun(
  job: string,
  queued: QueuedJob,
  signal: AbortSignal,
): Run & { settle(): Promise<void> } {
  const log = createLog(`${pascalCase(job)}Processor`)
  const writing = new Set<Promise<unknown>>()
  // Not to be told of progress is no reason for the run to fail.
  const written = (write: Promise<unknown>) => {
    const done = write.catch((error) => log.warn("Could not write to the run", { runId: queued.id, error }))
    writing.add(done)
    void done.finally(() => writing.delete(done))
  }
  const progress = throttle(PROGRESS_INTERVAL, (progress: Progress) =>
    written(queued.updateProgress({ ...progress })),
  )

  return {
    id: queued.id!,
    attempt: queued.attemptsMade + 1,
    signal,
    progress: (given) =>
      progress.call({ ...given, percentage: Math.min(100, Math.max(0, given.percentage)) }),
    log(message, fields) {
      log.info(message, { runId: queued.id, ...fields })
      const details = fields ? ` ${JSON.stringify(fields)}` : ""
      written(queued.log(redactText(`${new Date().toISOString()} ${message}${details}`)))
    },
    async settle() {
      progress.flush()
      await Promise.all(writing)
    },
  }
}

const pascalCase = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
