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

/** Nothing was asked: the requests of this day (UTC) are used up until `until`. */
export class BudgetSpent extends NotaParanaError {
  override name = "BudgetSpent"
  readonly until: Date

  constructor(limit: number, until: Date) {
    super(
      `Nota Paraná is not asked until ${until.toISOString()}: the ${limit} requests of the day are used up (NOTA_PARANA_DAILY_BUDGET)`,
    )
    this.until = until
  }
}

/** Nothing was asked: Nota Paraná has shown that it does not want to be, and is left alone until `until`. */
export class CircuitOpen extends NotaParanaError {
  override name = "CircuitOpen"
  readonly until: Date

  constructor(why: string, until: Date) {
    super(`Nota Paraná is not asked until ${until.toISOString()}, by no process: ${why}`)
    this.until = until
  }
}
