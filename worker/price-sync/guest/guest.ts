import type { Guest } from "../nota-parana/client.ts"
import type { Breaker } from "./breaker.ts"
import type { Budget } from "./budget.ts"
import type { Pace } from "./pace.ts"

/**
 * What a request to Nota Paraná passes through: it waits for its turn, is not made while Nota Paraná is left alone, and is one
 * of the day's.
 */
export const createGuest =
  (pace: Pace, breaker: Breaker, budget: Budget): Guest =>
  (ask, signal) =>
    pace(
      (begun) =>
        breaker.pass(async () => {
          await budget.claim()
          begun()
          return await ask()
        }, signal),
      signal,
    )
