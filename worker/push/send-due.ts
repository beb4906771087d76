import { type Db, sidePool } from "../../db/pool.ts"
import { type DueDelivery, giveBack, nextService, takeDue } from "../../db/push-deliveries.ts"
import { type Outcome, settle } from "../../db/push-outcomes.ts"
import type { PushChannel } from "../../db/push-subscriptions.ts"
import { vapid } from "../../lib/push/env.ts"
import { recorded } from "../once.ts"
import { pause } from "../pause.ts"
import { takeTurn } from "../shared-pace.ts"
import { createTurns } from "../turns.ts"
import { pushCounts } from "./counts.ts"
import { MOST_PUSHES, sendExpo } from "./expo.ts"
import { expoEnv } from "./expo-env.ts"
import { busyServices, nextFreed, takePlace, untilFreed } from "./services.ts"
import { sendWebPush } from "./web-push.ts"

/** Web pushes of a run under way at a time: so many lanes, each with so many of one push service, which has not all of the lanes. */
const LANES = 4
const IN_LANE = 10

/** Milliseconds after which another worker takes over what one has taken: longer than the try, and its wait for a turn. */
const LEASE = { webpush: 30_000, expo: 60_000 }

/** Milliseconds for which pushes wait for their turn at Expo. */
const LONGEST_WAIT = 30_000

/** Milliseconds until pushes are tried again that could not wait for their turn, since Redis was away. */
const AWAY = 1_000

const EXPO_PACE = "esteira:{expo}:pace"

/** What is sent, and by whom. */
export interface Sending {
  signal: AbortSignal
  /** Of this run alone. */
  runId?: string
  db?: Db
  leases?: Record<PushChannel, number>
  /** Called with how many have been tried, again and again. */
  onTried?: (count: number) => void
}

/**
 * Send what is due until nothing is, or the signal is aborted; what was taken then is still settled. Returns how many were tried.
 * One connection to PostgreSQL is used at a time.
 */
export async function sendDue(sending: Sending): Promise<number> {
  const keys = vapid()
  const asking = createTurns()
  const lanes = Array.from({ length: LANES }, () =>
    inTurn("webpush", IN_LANE, { ...sending, asking, canSend: keys !== undefined }, (taken) =>
      Promise.all(taken.map((delivery) => sendWebPush(delivery, keys!))),
    ),
  )
  const expo = inTurn("expo", MOST_PUSHES, { ...sending, asking }, (taken) =>
    paced(taken, { ...sending, asking }),
  )
  const counts = await Promise.allSettled([...lanes, expo])
  const tried = counts.map((count) => {
    if (count.status === "rejected") throw count.reason
    return count.value
  })
  return tried.reduce((sum, count) => sum + count, 0)
}

type Asking = Sending & { asking: ReturnType<typeof createTurns>; canSend?: boolean }

/** So many at a time of one push service, one batch after the other. A service that is slow, or rests, holds up no other. */
async function inTurn(
  channel: PushChannel,
  limit: number,
  sending: Asking,
  send: (taken: DueDelivery[]) => Promise<Outcome[]>,
): Promise<number> {
  const { signal, db = sidePool(), leases = LEASE, onTried, asking } = sending
  const sought = { channel, runId: sending.runId, canSend: sending.canSend ?? true }
  const batch = async (service: string) => {
    const { taken, closed } = await asking(() =>
      takeDue({ ...sought, service, limit, lease: leases[channel] }, db),
    )
    pushCounts.closed(closed)
    const outcomes = taken.length ? await send(taken) : []
    // What was sent is recorded, though the run is to end.
    if (outcomes.length)
      await recorded(async () => {
        pushCounts.tried(await asking(() => settle(outcomes, db)))
      }, new AbortController().signal)
    onTried?.(outcomes.length)
    return outcomes.length
  }
  const next = (except = (): string[] => []) => asking(() => nextService(sought, except(), db))
  let tried = 0
  while (!signal.aborted) {
    const free = nextFreed()
    const service = await next(busyServices)
    if (service) {
      // Another lane may have taken the last place there meanwhile.
      const leave = takePlace(service)
      if (leave) tried += await batch(service).finally(leave)
    } else {
      const held = busyServices().length ? await next() : undefined
      if (!held) break
      if (busyServices().includes(held)) await untilFreed(free, signal)
    }
  }
  return tried
}

/** Pushes to Expo, when it is their turn: so many a second by all workers together. */
async function paced(taken: DueDelivery[], { db = sidePool(), signal, asking }: Asking): Promise<Outcome[]> {
  const interval = (1_000 * taken.length) / expoEnv().EXPO_PUSHES_PER_SECOND
  const back = (retryIn: number) => asking(() => giveBack(taken, retryIn, db))
  const wait = await takeTurn(EXPO_PACE, interval, LONGEST_WAIT).catch(async (error) => {
    await back(AWAY)
    throw error
  })
  if (wait >= 0 && (wait === 0 || (await pause(wait, signal)))) return await sendExpo(taken)
  await back(Math.max(0, -wait))
  return []
}
