import type { Json } from "../lib/jobs/define.ts"
import { createLog, type LogFields, stringify } from "../lib/log.ts"
import type { Tell } from "../lib/tell.ts"
import { tellAll } from "../lib/tell-all.ts"
import type { ActiveRun } from "./active-run.ts"
import type { Try } from "./observer.ts"
import { once } from "./once.ts"
import { tellOf } from "./tell.ts"
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

/** A run, and what its worker asks of it. */
interface SaidRun extends Run {
  /** Whether it has said anything. */
  readonly hasSaid: boolean
  /** Resolves once all it has said is written. */
  settled(): Promise<void>
}

/** The run of a try; `onSaid` is called when Redis knows of something that it has said. */
export function createRun(begun: Try, active: ActiveRun, onSaid: () => void): SaidRun {
  const { job, queued } = begun
  const { id } = active
  let writing: Set<Promise<unknown>> | undefined
  // Not to be told of progress is no reason for the run to fail.
  const written = (write: Promise<unknown>) => {
    const done = write.then(onSaid, (error) =>
      logOf(job.name).warn("Could not write to the run", { runId: id, error }),
    )
    writing ??= new Set()
    writing.add(done)
    void done.finally(() => writing?.delete(done))
  }
  let progress: ReturnType<typeof throttle<Progress>> | undefined
  let stage: string | undefined

  return {
    id,
    attempt: begun.attempt,
    get signal() {
      return active.signal
    },
    progress(given) {
      const held = { ...given, percentage: Math.min(100, Math.max(0, given.percentage)) }
      if (held.stage !== stage) keep(begun.stages, toldStage(held, tellOf(begun)))
      stage = held.stage
      progress ??= throttle(PROGRESS_INTERVAL, (latest) => written(queued.updateProgress({ ...latest })))
      progress.call(held)
    },
    log(message, fields) {
      const at = Date.now()
      const tell = tellOf(begun)
      const told = tell(message)
      const details = fields && toldFields(fields, tell)
      logOf(job.name).info(told, { runId: id, ...details })
      const text = details ? `${told} ${stringify(details)}` : told
      keep(begun.lines, { at, text })
      written(queued.log(`${new Date(at).toISOString()} ${text}`))
    },
    once: (key, perform) => once(id, key, perform, active.signal),
    get hasSaid() {
      return writing !== undefined || progress !== undefined
    },
    async settled() {
      progress?.flush()
      if (writing?.size) await Promise.all(writing)
    },
  }
}

const toldStage = ({ percentage, stage, message }: Progress, tell: Tell) => ({
  percentage,
  stage: tell(stage),
  message: tell(message),
  at: Date.now(),
})

const toldFields = (fields: LogFields, tell: Tell): LogFields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [tell(name), tellAll(value, tell)]))

function keep<T>(kept: T[], item: T) {
  kept.push(item)
  if (kept.length > KEPT) kept.shift()
}

const logOf = (job: string) => createLog(`${pascalCase(job)}Processor`)

const pascalCase = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
