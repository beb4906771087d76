import { setTimeout } from "node:timers"
import { createLog } from "../../lib/log.ts"
import { onRedis } from "../../lib/queues.ts"
import type { RedisClient } from "../../lib/redis/connect.ts"
import { apiEnv } from "../env.ts"
import type { Principal } from "./principal.ts"

/** Milliseconds within which requests are counted, beginning with the minutes of the clock. */
const WINDOW = 60_000

/** Milliseconds between two settlements. */
const SETTLE = 1_000

/** What is counted apart. */
export type Kind = "admin" | "console" | "enqueue"

interface Counter {
  window: number
  /** Counted by all processes, as far as this one knows. */
  settled: number
  /** Counted here, and told to no other yet. */
  local: number
}

/** How a request stands: `remaining` after it, and milliseconds until all is forgotten. */
export interface Standing {
  isAllowed: boolean
  limit: number
  remaining: number
  reset: number
}

const counters: Record<Kind, Map<string, Counter>> = {
  admin: new Map(),
  console: new Map(),
  enqueue: new Map(),
}

const log = createLog("API")

/** What a request of somebody to a path counts as. */
export const kindOf = ({ session }: Pick<Principal, "session">, path: string): Kind =>
  session ? "console" : path.startsWith("/api/admin/") ? "admin" : "enqueue"

/** Count a request, unless there were too many. What other processes have counted is known a second later. */
export function countRequest(actor: string, kind: Kind, limit = limitOf(kind)): Standing {
  const now = Date.now()
  const window = Math.floor(now / WINDOW)
  const counter = counterOf(actor, kind, window)
  const used = counter.settled + counter.local
  const isAllowed = used < limit
  if (isAllowed) {
    counter.local++
    if (!isDue) settleLater()
  }
  return {
    isAllowed,
    limit,
    remaining: isAllowed ? limit - used - 1 : 0,
    reset: (window + 1) * WINDOW - now,
  }
}

let limits: Record<Kind, number> | undefined

/** Requests of a kind that are let a minute. */
export function limitOf(kind: Kind) {
  limits ??= readLimits()
  return limits[kind]
}

function readLimits() {
  const { RATE_LIMIT_ADMIN, RATE_LIMIT_CONSOLE, RATE_LIMIT_ENQUEUE } = apiEnv()
  return { admin: RATE_LIMIT_ADMIN, console: RATE_LIMIT_CONSOLE, enqueue: RATE_LIMIT_ENQUEUE }
}

function counterOf(actor: string, kind: Kind, window: number): Counter {
  const known = counters[kind].get(actor)
  if (known?.window === window) return known
  const counter = { window, settled: 0, local: 0 }
  counters[kind].set(actor, counter)
  return counter
}

let isDue = false

function settleLater() {
  isDue = true
  setTimeout(settle, SETTLE).unref()
}

/** Tell Redis what was counted here, and hear what was counted everywhere. While it is away, what is counted here goes on. */
async function settle() {
  const window = Math.floor(Date.now() / WINDOW)
  const settling: Promise<void>[] = []
  for (const [kind, byActor] of Object.entries(counters))
    for (const [actor, counter] of byActor) {
      if (counter.window !== window) byActor.delete(actor)
      else if (counter.local > 0)
        settling.push(settleOne(`esteira:limit:${kind}:${actor}:${window}`, counter))
    }
  const failed = (await Promise.allSettled(settling)).find(({ status }) => status === "rejected")
  if (failed && !isAlone)
    log.warn("Requests are counted by this process alone for now", { reason: reasonOf(failed) })
  isAlone = failed !== undefined
  isDue = false
  if (settling.length > 0) settleLater()
}

let isAlone = false

async function settleOne(key: string, counter: Counter) {
  const { local } = counter
  const total = await onRedis((redis) =>
    counter.settled === 0 ? begin(redis, key, local) : redis.incrby(key, local),
  )
  counter.settled = total
  counter.local -= local
}

/** Together, or a process that dies in between would leave a counter for ever. */
async function begin(redis: RedisClient, key: string, count: number) {
  const [[error, total] = []] =
    (await redis
      .multi()
      .incrby(key, count)
      .pexpire(key, 2 * WINDOW)
      .exec()) ?? []
  if (error) throw error
  return Number(total)
}

const reasonOf = (failed: PromiseSettledResult<void>) =>
  String((failed as PromiseRejectedResult).reason?.message)
