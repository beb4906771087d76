import { type DueDelivery, nextDelivery, noteTry, takeDue } from "../../db/webhook-deliveries.ts"
import { callbackSecret, canSign } from "../../lib/callbacks/env.ts"
import { createLog } from "../../lib/log.ts"
import type { Answer } from "../../lib/outward/post.ts"
import { waitAfter, waitsOf } from "../backoff.ts"
import { tellOutages } from "../outages.ts"
import { keepRounds, type Rest } from "../rounds.ts"
import { send } from "./send.ts"

/** Two days in all. */
const WAITS = waitsOf([1, 2, 4, 8, 12, 20])

/** Tries at a time, in all and of one host. */
const AT_A_TIME = { limit: 20, perHost: 2 }

/** Milliseconds after which another worker takes over what one has taken: longer than a try takes. */
const LEASE = 30_000

/** Milliseconds after which there is a look though nothing was heard. */
const LOOK_AGAIN = 15_000

interface Options {
  deliver?: (delivery: DueDelivery) => Promise<Answer>
  waits?: readonly number[]
  lease?: number
}

/** Tell callers what became of their runs, until stopped: any number of workers may. */
export function keepCallbacks({ deliver = sendSigned, waits = WAITS, lease = LEASE }: Options = {}) {
  const log = createLog("Callbacks")
  const underWay = new Map<string, Promise<void>>()
  const ofHost = new Map<string, number>()
  const outages = tellOutages({
    part: "Callbacks",
    waits: "Callbacks wait",
    goesOn: "Callbacks go on",
    fails: "A callback cannot be told",
  })

  const attempt = async (delivery: DueDelivery) => {
    const at = Date.now()
    const { retryAfter = 0, ...answer } = await deliver(delivery)
    const next = outcome(answer, delivery.turn, retryAfter, waits)
    if (next === "failed")
      log.warn(`Callback ${delivery.id} is given up`, { ...answer, attempts: delivery.attempt })
    await noteTry(delivery, { at, took: Date.now() - at, ...answer }, next)
  }
  const begin = (delivery: DueDelivery) => {
    ofHost.set(delivery.host, (ofHost.get(delivery.host) ?? 0) + 1)
    const ended = attempt(delivery)
      .catch((error) => void outages.note(error))
      .finally(() => {
        underWay.delete(delivery.id)
        const rest = ofHost.get(delivery.host)! - 1
        if (rest > 0) ofHost.set(delivery.host, rest)
        else ofHost.delete(delivery.host)
        rounds.wake()
      })
    underWay.set(delivery.id, ended)
  }
  const round = async (): Promise<Rest> => {
    try {
      if (!canSign()) {
        if ((await nextDelivery([])) !== null)
          outages.wait("CALLBACK_SECRET, which they are signed with, is not set")
        return LOOK_AGAIN
      }
      const limit = AT_A_TIME.limit - underWay.size
      if (limit <= 0) return LOOK_AGAIN
      // What is under way to a host leaves less for others to it, and at most one is then begun at a time.
      const busy = [...ofHost].filter(([, count]) => count >= AT_A_TIME.perHost).map(([host]) => host)
      const perHost = ofHost.size > busy.length ? 1 : AT_A_TIME.perHost
      const due = await takeDue({ limit, perHost, busy, lease })
      outages.over()
      for (const delivery of due) begin(delivery)
      if (due.length) return 0
      const rest = (await nextDelivery(busy)) ?? LOOK_AGAIN
      return Math.max(50, Math.min(LOOK_AGAIN, Math.ceil(rest)))
    } catch (error) {
      return outages.note(error)
    }
  }
  const rounds = keepRounds(round)
  return {
    wake: rounds.wake,
    /** Resolves when no try is under way, or within seconds: what was not noted then is sent again, under the same id. */
    stop: () => rounds.stop(() => Promise.all(underWay.values())),
  }
}

const sendSigned = ({ id, url, body }: DueDelivery) =>
  send({ id: `msg_${id}`, url, body }, { secret: callbackSecret() })

/** Gone, a receiver wants nothing more. */
function outcome({ status = 0 }: Answer, turn: number, retryAfter: number, waits: readonly number[]) {
  if (status >= 200 && status < 300) return "delivered"
  const retryIn = status === 410 ? undefined : waitAfter(waits, turn, retryAfter)
  return retryIn === undefined ? "failed" : { retryIn }
}
