import { setTimeout } from "node:timers"
import { recordKeyUses, type ValidApiKey, validApiKeys } from "../../db/api-keys.ts"
import { createLog } from "../../lib/log.ts"
import { within } from "../../lib/within.ts"
import { HttpError } from "../errors.ts"
import { holderOf, type Principal } from "./principal.ts"

/** Milliseconds since the keys were read for which they are used without another thought, and at all. */
const FRESH = 2_000
const STALE = 5_000

/** Milliseconds for which keys that were known go on while PostgreSQL is away. */
const OUTAGE = 5 * 60_000

/** Milliseconds between two readings, whatever nonsense is sent as keys, and after one that failed. */
const PAUSE = { usual: 100, away: 1_000 }

/** Milliseconds a reading may take. */
const PATIENCE = 2_000

/** Milliseconds for which uses are gathered before they are written. */
const GATHER = 10_000

interface Held {
  id: number
  principal: Principal
  expiresAt: number
  /** Milliseconds since 1970, nought once written. */
  usedAt: number
}

/** What is said of a key that cannot be looked up. */
export const AWAY = "PostgreSQL, which knows the API keys, does not answer: try again in a moment"

const log = createLog("API")

/** All keys that are valid, by their digests. Times are those of `performance.now()`, of when the reading began. */
const ring = { keys: new Map<string, Held>(), readAt: Number.NEGATIVE_INFINITY, nextAt: 0, isAway: false }

/**
 * Whose key it is by its digest; nobody's is undefined. A promise only when PostgreSQL has to be asked: for keys it is not
 * known whether there are, and for all when they were read more than five seconds ago. Throws 503 while PostgreSQL is away,
 * unless the key was known within the last five minutes.
 */
export function keyHolder(digest: string): Principal | undefined | Promise<Principal | undefined> {
  const held = ring.keys.get(digest)
  const age = performance.now() - ring.readAt
  if (!held || age > STALE) return askForHolder(digest)
  if (age > FRESH) void readKeys()
  return use(held)
}

/** Read the keys anew after a change. Other processes do within five seconds. */
export const rereadKeys = () => readSince(performance.now())

/** For tests: know no keys. */
export function forgetKeys() {
  ring.keys = new Map()
  ring.readAt = Number.NEGATIVE_INFINITY
  ring.nextAt = 0
  ring.isAway = false
}

async function askForHolder(digest: string) {
  const isRead = await readSince(performance.now())
  const held = ring.keys.get(digest)
  if (isRead) return held && use(held)
  if (held && performance.now() - ring.readAt < OUTAGE) return use(held)
  throw new HttpError(503, AWAY, { "retry-after": "5" })
}

function use(held: Held) {
  const now = Date.now()
  if (held.expiresAt <= now) return undefined
  held.usedAt = now
  writing ??= setTimeout(writeUses, GATHER).unref()
  return held.principal
}

/** Whether the keys were read by a reading that began since then. */
async function readSince(time: number): Promise<boolean> {
  while (ring.readAt < time) {
    if (ring.isAway && performance.now() < ring.nextAt) return false
    if (!(await readKeys())) return false
  }
  return true
}

let reading: Promise<boolean> | undefined

/** One at a time, for all who ask. */
function readKeys(): Promise<boolean> {
  reading ??= readOnce().finally(() => {
    reading = undefined
  })
  return reading
}

async function readOnce() {
  const early = ring.nextAt - performance.now()
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
  const began = performance.now()
  try {
    ring.keys = hold(await within(PATIENCE, "Reading the API keys", validApiKeys()))
    ring.readAt = began
    ring.isAway = false
  } catch (error) {
    if (!ring.isAway) log.error("The API keys could not be read: those that are known go on", { error })
    ring.isAway = true
  }
  ring.nextAt = performance.now() + (ring.isAway ? PAUSE.away : PAUSE.usual)
  return !ring.isAway
}

const hold = (keys: ValidApiKey[]) => new Map(keys.map((key) => [key.digest, heldAs(key)]))

/** A key never changes but in that it ends: what is known of it stays. */
const heldAs = (key: ValidApiKey): Held =>
  ring.keys.get(key.digest) ?? {
    id: key.id,
    principal: holderOf(key),
    expiresAt: key.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
    usedAt: 0,
  }

let writing: ReturnType<typeof setTimeout> | undefined

/** Write which keys were used when; what could not be written is written with the next. */
export async function writeUses() {
  clearTimeout(writing)
  writing = undefined
  const used = [...ring.keys.values()].filter(({ usedAt }) => usedAt > 0)
  if (used.length === 0) return
  const uses = used.map(({ id, usedAt }) => ({ id, at: usedAt }))
  try {
    await within(PATIENCE, "Recording the uses of API keys", recordKeyUses(uses))
    for (const [place, held] of used.entries()) if (held.usedAt === uses[place]!.at) held.usedAt = 0
  } catch (error) {
    log.warn("When API keys were used last is not recorded yet", { reason: (error as Error).message })
    writing = setTimeout(writeUses, GATHER).unref()
  }
}
