import { setTimeout } from "node:timers/promises"
import { RetryLater } from "../../lib/errors.ts"
import { onRedis } from "../../lib/queues.ts"
import { takeTurn } from "../shared-pace.ts"
import { mailEnv } from "./resend.ts"
import { ASIDE } from "./urgent.ts"

const KEY = "esteira:{resend}:pace"

/** How long the next turn is away. */
const LOOK = `
local time = redis.call("TIME")
local free = tonumber(redis.call("GET", KEYS[1]) or 0)
return math.max(0, math.ceil(free - (time[1] * 1000 + time[2] / 1000)))`

/** Milliseconds for which a single mail would wait: as long as it takes. */
const LONGEST_WAIT = 600_000

/** Milliseconds for which mail to many waits before it lets others have its place. */
const LONGEST_LOOK = 60_000

/**
 * Wait until Resend may be asked: so many times a second by all workers together. Mail to many takes no turns ahead, so that a
 * single mail is next whoever waits. Rejects with the signal's reason; throws RetryLater while Redis is away, and for mail to
 * many when there is no turn for long.
 */
export async function pace(signal: AbortSignal, { toMany }: { toMany: boolean }) {
  const interval = 1_000 / mailEnv().RESEND_REQUESTS_PER_SECOND
  const askedAt = Date.now()
  for (;;) {
    signal.throwIfAborted()
    if (Date.now() - askedAt > LONGEST_LOOK)
      throw new RetryLater(ASIDE, "other mail takes all that Resend may be asked for")
    const wait = await takeTurn(KEY, interval, toMany ? 0 : LONGEST_WAIT)
    if (wait > 0) await pause(wait, signal)
    if (wait >= 0) return
    await pause(-wait + Math.random() * 2 * interval, signal)
  }
}

/** Milliseconds until Resend may be asked again, by anybody. Throws RedisUnavailable. */
export const lookAhead = () => onRedis((client) => client.eval(LOOK, 1, KEY) as Promise<number>)

/** Rejects with the signal's own reason. */
const pause = (milliseconds: number, signal: AbortSignal) =>
  setTimeout(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted())
