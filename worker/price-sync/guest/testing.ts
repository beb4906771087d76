import { onRedis } from "../../../lib/queues.ts"

/** Have Redis know nothing of what was asked of Nota Paraná, or how it answered. */
export const forgetGuest = () =>
  onRedis((client) =>
    Promise.all(["budget", "breaker"].map((part) => client.del(`esteira:{nota-parana}:${part}`))),
  )

/** A clock that stands until it is moved on, in milliseconds. */
export function createClock(start = "2026-09-12T15:00:00Z") {
  let at = Date.parse(start)
  return {
    now: () => at,
    pass: (milliseconds: number) => {
      at += milliseconds
    },
  }
}
