import { nextDue, noteFailure } from "../../db/bulk-progress.ts"
import { createLog } from "../../lib/log.ts"
import { isOutage, tellOutages } from "../outages.ts"
import { keepRounds, type Rest } from "../rounds.ts"
import { type Place, StepFailed, takeStep } from "./step.ts"

/** Milliseconds after which a worker looks for operations though it has heard of none. */
const LOOK_AGAIN = 15_000

/** Milliseconds between two looks at an operation that another worker is at. */
const HELD = 200

/** How often an operation may fail, and milliseconds until it is tried again. */
const FAILURE = { most: 5, rest: 5_000 }

/** Go on with bulk operations, until stopped: at once when woken, and by itself before long. */
export function keepBulk(place: Place) {
  const log = createLog("Bulk")
  const outages = tellOutages({
    part: "Bulk",
    waits: "Bulk operations wait",
    goesOn: "Bulk operations go on",
    fails: "A bulk operation cannot go on",
  })

  const round = async (): Promise<Rest> => {
    try {
      const operation = await takeStep(place)
      outages.over()
      if (operation) return 0
      const due = (await nextDue()) ?? LOOK_AGAIN
      return due > 0 ? Math.min(LOOK_AGAIN, Math.ceil(due)) : HELD
    } catch (error) {
      return await note(error)
    }
  }
  const note = async (error: unknown) => {
    if (error instanceof StepFailed) {
      const { operation, cause } = error
      if (isOutage(cause)) return outages.note(cause)
      await noteFailure(operation.id, (cause as Error).message, FAILURE).catch((error) =>
        log.error("It could not be noted", { error }),
      )
    }
    return outages.note(error)
  }
  const rounds = keepRounds(round)
  return {
    wake: rounds.wake,
    /** Resolves when no step is under way, or within seconds: what PostgreSQL has not committed then is done again by another. */
    stop: () => rounds.stop(),
  }
}
