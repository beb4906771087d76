import { isDatabaseAway } from "../../db/errors.ts"
import { type DueDelivery, nextDelivery, noteTry, takeDue } from "../../db/webhook-deliveries.ts"
import { callbackSecret, canSign } from "../../lib/callbacks/env.ts"
import { createLog } from "../../lib/log.ts"
import type { Answer } from "../../lib/outward/post.ts"
import { reportError } from "../../lib/sentry/report.ts"
import { keepRounds, OUTAGE, type Rest } from "../rounds.ts"
import { send } from "./send.ts"

const SECOND = 1_000
const HOUR = 3_600 * SECOND

/** Milliseconds to wait after each try that did not succeed; after the last it is given up, two days in all. */
const WAITS = [5, 30, 120, 600, 1_800]
  .map((seconds) => seconds * SECOND)
  .concat([1, 2, 4, 8, 12, 20].map((hours) => hours * HOUR))

/** Tries at a time, in all and of one host. */
const AT_A_TIME = { limit: 20, perHost: 2 }

/** Milliseconds after which another worker takes over what one has taken: longer than a try takes. */
const LEASE = 30 * SECOND

/** Milliseconds after which there is a look though nothing was heard. */
const LOOK_AGAIN = 15 * SECOND

/** The longest that a receiver may put off what it is told, in milliseconds. */
const LONGEST_WAIT = 24 * HOUR

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
  let isAway = false

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
      .catch(note)
      .finally(() => {
        underWay.delete(delivery.id)
        const rest = ofHost.get(delivery.host)! - 1
        if (rest > 0) ofHost.set(delivery.host, rest)
        else ofHost.delete(delivery.host)
        rounds.wake()
      })
    underWay.set(delivery.id, ended)
  }
  const note = (error: unknown) => {
    if (isDatabaseAway(error)) {
      if (!isAway) log.warn("Callbacks wait", { reason: (error as Error).message })
    } else {
      log.error("A callback cannot be told", { error })
      reportError(error as Error, () => ({ tags: { part: "callbacks" } }))
    }
    isAway = true
  }
  const round = async (): Promise<Rest> => {
    try {
      if (!canSign()) {
        if (!isAway && (await nextDelivery([])) !== null)
          log.warn("Callbacks wait", { reason: "CALLBACK_SECRET, which they are signed with, is not set" })
        isAway = true
        return LOOK_AGAIN
      }
      const limit = AT_A_TIME.limit - underWay.size
      if (limit <= 0) return LOOK_AGAIN
      // What is under way to a host leaves less for others to it, and at most one is then begun at a time.
      const busy = [...ofHost].filter(([, count]) => count >= AT_A_TIME.perHost).map(([host]) => host)
      const perHost = ofHost.size > busy.length ? 1 : AT_A_TIME.perHost
      const due = await takeDue({ limit, perHost, busy, lease })
      if (isAway) log.info("Callbacks go on")
      isAway = false
      for (const delivery of due) begin(delivery)
      if (due.length) return 0
      const rest = (await nextDelivery(busy)) ?? LOOK_AGAIN
      return Math.max(50, Math.min(LOOK_AGAIN, Math.ceil(rest)))
    } catch (error) {
      note(error)
      return OUTAGE
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
  const wait = waits[turn - 1]
  if (status === 410 || wait === undefined) return "failed"
  const jittered = wait * (0.9 + Math.random() * 0.2)
  return { retryIn: Math.max(jittered, Math.min(retryAfter, LONGEST_WAIT)) }
}
