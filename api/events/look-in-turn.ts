import { createLog } from "../../lib/log.ts"

/** Has somebody look at something: one look at a time, and another when it was asked for meanwhile. */
export function lookInTurn(look: () => Promise<void>, what: string): () => void {
  let looking: Promise<void> | undefined
  let isToLookAgain = false
  return function lookAgain() {
    if (looking) {
      isToLookAgain = true
      return
    }
    looking = look()
      .catch((error: Error) =>
        // There is another look before long.
        createLog("API").debug(`${what} could not be looked at`, { reason: error.message }),
      )
      .finally(() => {
        looking = undefined
        if (!isToLookAgain) return
        isToLookAgain = false
        lookAgain()
      })
  }
}
