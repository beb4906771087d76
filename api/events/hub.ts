import { setInterval, setTimeout } from "node:timers"
import { CANCELLATIONS, cancelMessage } from "../../lib/cancel.ts"
import { createLog } from "../../lib/log.ts"
import { onRedis } from "../../lib/queues.ts"
import { connectRedis, type RedisClient } from "../../lib/redis/connect.ts"
import { HAPPENED, isInbox, runKey, WATCHED, WATCHED_FOR } from "../../lib/watched.ts"
import { HttpError } from "../errors.ts"
import type { Followed, Listener } from "./followed.ts"

/** Milliseconds between two looks at all that is followed, whatever was heard of it; and between two signs of life. */
const BEAT = WATCHED_FOR / 3

/** Milliseconds after which a run is looked at again, when workers know that it is followed. */
const SECOND_LOOK = 250

/** Listeners of a process at most. */
const MOST = 10_000

/** Somebody who hears that all is well, too. */
export interface Ear extends Listener {
  beat(): void
}

const log = createLog("API")
const followers = new Map<string, Promise<Followed | undefined>>()
const ears = new Set<Ear>()
let subscriber: RedisClient | undefined
let beat: ReturnType<typeof setInterval> | undefined
let isEnding = false

/**
 * Somebody begins to listen to what has this name, and is made to be followed when nobody does yet; undefined when there is no
 * such thing. What is returned lets them join after the event with an id, and then ends it. Throws 503, and RedisUnavailable.
 */
export async function follow(key: string, make: () => Followed) {
  if (isEnding || ears.size >= MOST) throw full()
  const following = followers.get(key) ?? begin(key, make())
  const follower = await following
  if (!follower) return undefined
  // The process may have begun to stop meanwhile.
  if (isEnding || follower.isFull) throw full()
  return (ear: Ear, after: string | undefined) => {
    // The one that was found may have been left by its last listener meanwhile, and all others by theirs.
    followers.set(key, following)
    ears.add(ear)
    listen()
    follower.join(ear, after)
    return () => {
      ears.delete(ear)
      follower.leave(ear)
      if (follower.isAlone && followers.get(key) === following) followers.delete(key)
      if (ears.size === 0) rest()
    }
  }
}

const full = () =>
  new HttpError(503, "No more listeners are taken here: try again in a moment", { "retry-after": "5" })

/** End every stream, and take no more: the process stops. */
export function endStreams() {
  isEnding = true
  for (const ear of [...ears]) ear.end()
  rest()
}

function begin(key: string, follower: Followed) {
  listen()
  const beginning = follower.begin().then(
    (isThere) => {
      if (isThere && follower.isRun)
        void announce([key]).then(() => setTimeout(() => follower.look(), SECOND_LOOK).unref())
      else if (!isThere) forget(key)
      return isThere ? follower : undefined
    },
    (error) => {
      forget(key)
      throw error
    },
  )
  followers.set(key, beginning)
  return beginning
}

function forget(key: string) {
  followers.delete(key)
  if (followers.size === 0 && ears.size === 0) rest()
}

/** One connection hears of all that is followed. It is open while somebody listens. */
function listen() {
  if (subscriber) return
  const opened = connectRedis("subscriber")
  subscriber = opened
  opened.on("ready", () => {
    opened
      .subscribe(HAPPENED, CANCELLATIONS)
      .then(lookAtAll)
      .catch((error: Error) => log.warn("Nothing can be followed for now", { reason: error.message }))
  })
  opened.on("message", (channel: string, text: string) => {
    for (const key of channel === HAPPENED ? text.split("\n") : [cancelled(text)]) lookAt(key)
  })
  beat = setInterval(() => {
    for (const ear of ears) ear.beat()
    void lookAtAll()
  }, BEAT)
}

function rest() {
  subscriber?.disconnect()
  subscriber = undefined
  clearInterval(beat)
}

const lookAt = (key: string) => void followers.get(key)?.then((follower) => follower?.look(), ignored)

/** Who began to follow it was told. */
const ignored = () => undefined

async function lookAtAll() {
  await announce([...followers.keys()].filter((key) => !isInbox(key)))
  for (const key of followers.keys()) lookAt(key)
}

/** Have workers tell of these runs. Unheard, they are looked at all the same. */
async function announce(keys: string[]) {
  if (keys.length === 0) return
  await onRedis((client) => client.publish(WATCHED, JSON.stringify(keys))).catch((error: Error) =>
    log.debug("Workers do not know that runs are followed", { reason: error.message }),
  )
}

function cancelled(text: string): string {
  try {
    const { queue, id } = cancelMessage.parse(JSON.parse(text))
    return runKey(queue, id)
  } catch (error) {
    log.warn("A cancellation could not be read", { reason: (error as Error).message })
    return ""
  }
}
