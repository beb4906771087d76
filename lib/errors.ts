import { UnrecoverableError } from "bullmq"

/** Thrown when trying again cannot help: the run fails at once, whatever attempts are left. */
export class PermanentError extends UnrecoverableError {
  override name = "PermanentError"
}

/** Why a run has ended before its processor had: somebody cancelled it. */
export class RunCancelled extends PermanentError {
  override name = "RunCancelled"
}

/** Why a run has ended before its processor had: it took longer than its job may. */
export class RunTimedOut extends PermanentError {
  override name = "RunTimedOut"
}

/** Thrown to be run again after `delay` milliseconds without an attempt burnt: 429, quiet hours, a budget spent. */
export class RetryLater extends Error {
  override name = "RetryLater"
  readonly delay: number

  constructor(delay: number, reason = "not now") {
    super(reason)
    this.delay = delay
  }
}

/** The environment lacks something, or has something wrong; the message is the sentence to show. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError"
  readonly complaints: string[]

  constructor(...complaints: string[]) {
    super(`Cannot start: ${complaints.join("; ")}.`)
    this.complaints = complaints
  }
}

/** One thing wrong with a payload: where, in dotted form, and what would be right. */
export interface Problem {
  path: string
  message: string
}

/** What a caller sent is not what the job takes. */
export class PayloadError extends Error {
  override name = "PayloadError"
  readonly problems: Problem[]

  constructor(subject: string, problems: Problem[]) {
    super(
      `${subject}: ${problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ")}`,
    )
    this.problems = problems
  }
}

/** A payload above the limit of the door. */
export class PayloadTooLarge extends Error {
  override name = "PayloadTooLarge"
}

/** No job and no alias has this name. */
export class UnknownQueue extends Error {
  override name = "UnknownQueue"
}

/** Redis did not answer in time. */
export class RedisUnavailable extends Error {
  override name = "RedisUnavailable"

  constructor(cause: unknown, message = "Redis does not answer: try again in a moment") {
    super(message, { cause })
  }
}

/** Redis did not confirm a run, and no outbox took it. It may still have arrived: `runId` tells. */
export class EnqueueUnconfirmed extends RedisUnavailable {
  override name = "EnqueueUnconfirmed"
  readonly runId: string

  constructor(runId: string, cause: unknown) {
    super(cause, "Redis did not confirm the run: look for it by its id, or ask again")
    this.runId = runId
  }
}
