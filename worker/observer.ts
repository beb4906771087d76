import type { Job as QueuedJob } from "bullmq"
import type { JobDefinition } from "../lib/jobs/define.ts"
import type { Progress } from "./run.ts"

/** How a try of a run ended. `failed`, `cancelled` and `timed-out` are for good, `retrying` is not; the last two burn no attempt. */
export type Outcome =
  | "completed"
  | "failed"
  | "cancelled"
  | "timed-out"
  | "retrying"
  | "postponed"
  | "handed-back"

/** A try of a run that a worker has taken. */
export interface Try {
  job: JobDefinition
  queued: QueuedJob
  /** The payload as the processor got it; undefined when it did not parse. */
  payload: unknown
  /** 1 at the first. */
  attempt: number
  /** Milliseconds since 1970. */
  startedAt: number
  /** The latest lines of its log, already redacted. */
  lines: { at: number; text: string }[]
  /** The stages it has said it came to, in order, already redacted. */
  stages: (Progress & { at: number })[]
}

/** A try that has ended, once Redis knows of it. */
export interface EndedTry extends Try {
  outcome: Outcome
  /** Milliseconds since 1970. */
  endedAt: number
  /** What the processor returned, of a completed run. */
  result?: unknown
  /** What ended the try, of one that did not complete, already redacted. */
  error?: Error
}

/** Keeps account of runs: the log, the ledger, the metrics, Sentry. It is called in the path of every run: quick, and never throwing. */
export interface Observer {
  started?(begun: Try): void
  ended?(ended: EndedTry): void
  /** It has told of its progress, or written a line, and Redis knows. */
  said?(begun: Try): void
  /** A run was found left behind by a worker that died. */
  stalled?(job: JobDefinition, id: string): void
  /** A processor has not heeded its signal in time; its run has ended without it. */
  ignored?(begun: Try): void
}
