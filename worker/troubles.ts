import { createLog } from "../lib/log.ts"
import { reportError } from "../lib/sentry/report.ts"

/** Milliseconds for which a trouble counts that has not come again: BullMQ tries, and fails, more often than that. */
const LASTING = 60_000

/** What has lately kept queues from being worked on: said once, and shown for as long as it lasts. */
export function createTroubles(now = Date.now) {
  const latest = new Map<string, { message: string; at: number }>()

  const of = (queue: string) => {
    const trouble = latest.get(queue)
    return trouble && now() - trouble.at < LASTING ? trouble.message : undefined
  }
  return {
    of,
    note(queue: string, error: Error) {
      if (of(queue) !== error.message) {
        createLog(`Worker:${queue}`).error("Cannot work on the queue", { error })
        reportError(error, () => ({ tags: { queue }, fingerprint: ["{{ default }}", queue] }))
      }
      latest.set(queue, { message: error.message, at: now() })
    },
  }
}

export type Troubles = ReturnType<typeof createTroubles>
