import { setTimeout } from "node:timers/promises"
import { createLog } from "../../../lib/log.ts"
import { askRedis } from "../../../lib/redis/ask.ts"
import type { RedisClient } from "../../../lib/redis/connect.ts"
import { Blocked, CircuitOpen } from "../nota-parana/errors.ts"
import { CLOSE, ENTER, OPEN, RELEASE } from "./breaker-scripts.ts"

const KEY = "esteira:{nota-parana}:breaker"

/** Milliseconds for which Nota Paraná is left alone: its blocks were seen to last 17 to 28 hours. */
const COOL_DOWN = 6 * 3_600_000

/** Milliseconds after which a probe that has not been heard of is taken for lost, with the process that made it. */
const PROBE_LEASE = 60_000

/** Milliseconds between two looks at how another's probe has ended. */
const LOOK_AGAIN = 500

interface BreakerOptions {
  redis: RedisClient
  coolDown?: number
  now?: () => number
  wait?: (milliseconds: number) => Promise<unknown>
}

type Entered = ["closed" | "probing" | "probe"] | ["open", until: string, why: string]

export type Breaker = ReturnType<typeof createBreaker>

/**
 * Keeps all processes from asking once Nota Paraná has shown, to any of them, that it does not want to be asked. After the
 * cool-down a single request is let through: if it is answered as it should be, all may ask again.
 */
export function createBreaker(options: BreakerOptions) {
  const { redis, coolDown = COOL_DOWN, now = Date.now, wait = setTimeout } = options
  const log = createLog("NotaParana")
  const run = (script: string, ...values: (string | number)[]) =>
    askRedis(redis, (client) => client.eval(script, 1, KEY, ...values))

  /** Throws CircuitOpen, or tells whether this is the probe. */
  async function enter(token: string, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      signal.throwIfAborted()
      const [state, until, why] = (await run(ENTER, now(), token, PROBE_LEASE)) as Entered
      if (state === "open") throw new CircuitOpen(why, new Date(Number(until)))
      if (state !== "probing") return state === "probe"
      await wait(LOOK_AGAIN)
    }
  }

  async function open({ message, retryAfter = 0 }: Blocked) {
    const until = now() + Math.max(coolDown, retryAfter)
    log.warn(
      `Nota Paraná does not want to be asked, and is left alone until ${new Date(until).toISOString()}; the README says who may allow it`,
      { reason: message },
    )
    await run(OPEN, until, message)
  }

  /** What has come of a request stands, whether or not Redis can be told; a probe not heard of is made again. */
  const told = (telling: Promise<unknown>) =>
    telling.catch((error: Error) =>
      log.warn("Redis could not be told what Nota Paraná answered", { reason: error.message }),
    )

  return {
    /** Make a request if it may be made. Throws CircuitOpen if not, RedisUnavailable, and what the request does. */
    async pass<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
      const token = crypto.randomUUID()
      const isProbe = await enter(token, signal)
      try {
        const result = await ask()
        if (isProbe) await told(run(CLOSE, token))
        return result
      } catch (error) {
        if (error instanceof Blocked) await told(open(error))
        else if (isProbe) await told(run(RELEASE, token))
        throw error
      }
    },
    /** Until when it is left alone and why, or undefined when it may be asked; once `until` is past, with a single request. */
    async look() {
      const [until, why] = await askRedis(redis, (client) => client.hmget(KEY, "until", "why"))
      return until ? { until: new Date(Number(until)), why: why ?? "" } : undefined
    },
  }
}
