import type { Problem } from "../errors.ts"

/** Why there is nothing to give. */
export interface Failure {
  /**
   * `invalid`: what was sent is not what is taken (400, 413, 415, 422), or could not be sent. `unauthorized`, `forbidden`: the key. `conflict`: too
   * late, or another body under the same idempotency key. `busy`: too many requests. `unavailable`: the service, or what stands
   * before it, answers 5xx. `timeout`, `unreachable`: no answer came, and what was asked for may still have been done; the same
   * idempotency key finds out. `aborted`: by the caller's signal. `unexpected`: no answer of this API.
   */
  kind:
    | "invalid"
    | "unauthorized"
    | "forbidden"
    | "not-found"
    | "conflict"
    | "busy"
    | "unavailable"
    | "timeout"
    | "unreachable"
    | "aborted"
    | "unexpected"
  /** What happened, to what, and what to do. */
  message: string
  /** What is wrong with what was sent, by its path. */
  details?: Problem[]
  /** Of HTTP. */
  status?: number
  /** Seconds the service asks to be left alone. */
  retryAfter?: number
  /** The request in the service's log. */
  requestId?: string
  /** What it was asked under: the same again asks for no second run. */
  idempotencyKey?: string
  /** A run that may be queued all the same. */
  jobId?: string
}

/** What came of a call: nothing here throws for what may happen on the way. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: Failure }

export const failed = (error: Failure) => ({ ok: false as const, error })
