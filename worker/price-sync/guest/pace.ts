import { setTimeout } from "node:timers/promises"

interface PaceOptions {
  /** Requests under way at a time. */
  parallel: number
  /** Milliseconds until another takes the place of one that has ended, give or take half. */
  pause: number
  random?: () => number
  wait?: (milliseconds: number) => Promise<unknown>
}

/** Waiting keeps no process alive. */
const rest = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false })

export type Pace = ReturnType<typeof createPace>

/**
 * Lets so many requests of this process be under way at a time, with pauses that are never the same. What is passed to it says
 * by `begun` that it has made its request: without one there is nothing to pause after.
 */
export function createPace({ parallel, pause, random = Math.random, wait = rest }: PaceOptions) {
  let free = parallel
  const waiting = new Set<() => void>()

  // A place goes from hand to hand: given back first, it could be taken by two.
  const leave = () => {
    const [next] = waiting
    if (next) next()
    else free += 1
  }

  async function enter(signal: AbortSignal) {
    signal.throwIfAborted()
    if (free > 0) free -= 1
    else await turn(signal)
  }

  /** Resolves when one is given a place; rejects with the signal's reason. */
  function turn(signal: AbortSignal) {
    return new Promise<void>((resolve, reject) => {
      const done = () => {
        waiting.delete(come)
        signal.removeEventListener("abort", gone)
      }
      const come = () => {
        done()
        resolve()
      }
      const gone = () => {
        done()
        reject(signal.reason)
      }
      waiting.add(come)
      signal.addEventListener("abort", gone)
    })
  }

  return async function paced<T>(ask: (begun: () => void) => Promise<T>, signal: AbortSignal): Promise<T> {
    await enter(signal)
    let hasBegun = false
    try {
      return await ask(() => {
        hasBegun = true
      })
    } finally {
      if (hasBegun) void wait(pause * (0.5 + random())).then(leave)
      else leave()
    }
  }
}
