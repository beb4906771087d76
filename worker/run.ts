import type { Json } from "../lib/jobs/define.ts"
import { createLog, type LogFields, stringify } from "../lib/log.ts"
import { redactText } from "../lib/redact.ts"
import type { ActiveRun } from "./active-run.ts"
import type { Try } from "./observer.ts"
import { once } from "./once.ts"
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
  /**
   * Do something outside once, however often the run is tried: done before, its result is returned instead. `key` names
   * it within the run. Between the effect and its record a process may die: give the provider a key as well.
   */
  once<T extends Json | undefined>(key: string, perform: () => Promise<T>): Promise<T>
}

/** Milliseconds between two writes of a run's progress: each is a billed command. */
const PROGRESS_INTERVAL = 500

/** Lines and stages of a try that are kept for the ledger. */
const KEPT = 50

/** The run of a try; `settle` waits until all it has said is written. */
export function createRun(begun: Try, active: ActiveRun): Run & { settle(): Promise<void> } {
  const { job, queued } = begun
  const { id } = active
  const writing = new Set<Promise<unknown>>()
  // Not to be told of progress is no reason for the run to fail.
  const written = (write: Promise<unknown>) => {
    const done = write.catch((error) =>
      logOf(job.name).warn("Could not write to the run", { runId: id, error }),
    )
    writing.add(done)
    void done.finally(() => writing.delete(done))
  }
  let progress: ReturnType<typeof throttle<Progress>> | undefined

  return {
    id,
    attempt: begun.attempt,
    get signal() {
      return active.signal
    },
    progress(given) {
      const held = { ...given, percentage: Math.min(100, Math.max(0, given.percentage)) }
      if (begun.stages.at(-1)?.stage !== held.stage) keep(begun.stages, { ...held, at: Date.now() })
      progress ??= throttle(PROGRESS_INTERVAL, (latest) => written(queued.updateProgress({ ...latest })))
      progress.call(held)
    },
    log(message, fields) {
      const at = Date.now()
      logOf(job.name).info(message, { runId: id, ...fields })
      const text = redactText(`${message}${fields ? ` ${stringify(fields)}` : ""}`)
      keep(begun.lines, { at, text })
      written(queued.log(`${new Date(at).toISOString()} ${text}`))
    },
    once: (key, perform) => once(id, key, perform, active.signal),
    async settle() {
      progress?.flush()
      if (writing.size) await Promise.all(writing)
    },
  }
}

function keep<T>(kept: T[], item: T) {
  kept.push(item)
  if (kept.length > KEPT) kept.shift()
}

const logOf = (job: string) => createLog(`${pascalCase(job)}Processor`)

const pascalCase = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
