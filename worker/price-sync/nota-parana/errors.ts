/** Nota Paraná has not answered a search, or not with what it knows: each kind asks for another decision. */
export class NotaParanaError extends Error {
  override name = "NotaParanaError"
}

/**
 * It takes us for a robot (401, 403, 429, a redirect, a page for people, fabricated rows): nothing more may be asked, of any
 * product.
 */
export class Blocked extends NotaParanaError {
  override name = "Blocked"
  /** Milliseconds after which it says to come back. */
  readonly retryAfter: number | undefined

  constructor(message: string, retryAfter?: number) {
    super(message)
    this.retryAfter = retryAfter
  }
}

/** It is away or out of order (5xx, no answer in time, a cut connection, half an answer): another time it may answer. */
export class Unavailable extends NotaParanaError {
  override name = "Unavailable"
}

/** It does not take this search (other 4xx): it will not another time either. */
export class Rejected extends NotaParanaError {
  override name = "Rejected"
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** It answered something that is none of its answers as they are known: most likely they have changed. */
export class BadAnswer extends NotaParanaError {
  override name = "BadAnswer"
}

/** Nothing was asked, and nothing will be until then. */
class NotAsked extends NotaParanaError {
  readonly until: Date

  constructor(until: Date, by: string, why: string) {
    super(`Nota Paraná is not asked until ${until.toISOString()}${by}: ${why}`)
    this.until = until
  }
}

/** The requests of this day (UTC) are used up. */
export class BudgetSpent extends NotAsked {
  override name = "BudgetSpent"

  constructor(limit: number, until: Date) {
    super(until, "", `the ${limit} requests of the day are used up (NOTA_PARANA_DAILY_BUDGET)`)
  }
}

/** Nota Paraná has shown that it does not want to be asked, and is left alone. */
export class CircuitOpen extends NotAsked {
  override name = "CircuitOpen"

  constructor(why: string, until: Date) {
    super(until, ", by no process", why)
  }
}

/** Whether what was told before stands: before a block shows it may be false as well, before anything else it is as good as ever. */
export const leavesTold = (error: unknown): error is NotaParanaError =>
  error instanceof NotaParanaError && !(error instanceof Blocked || error instanceof CircuitOpen)
