import { createLog } from "../lib/log.ts"
import type { RedisClient } from "../lib/redis/connect.ts"
import { HAPPENED, runKey, WATCHED_FOR, watchedMessage } from "../lib/watched.ts"
import type { Observer, Try } from "./observer.ts"

/** Tells of runs that somebody looks on at when something happens to them; all others cost Redis nothing. */
export function createWatched(connection: RedisClient) {
  const log = createLog("Worker")
  const until = new Map<string, number>()

  const say = ({ job, queued }: Pick<Try, "job" | "queued">) => {
    if (until.size === 0) return
    const key = runKey(job.name, queued.id!)
    if ((until.get(key) ?? 0) < Date.now()) return
    connection
      .publish(HAPPENED, key)
      .catch((error: Error) => log.debug("Who looks on at a run was not told", { reason: error.message }))
  }
  return {
    observer: { started: say, said: say, ended: say } satisfies Observer,
    /** Which runs are watched for now, as the API has said it. */
    hear(text: string) {
      const now = Date.now()
      for (const [key, end] of until) if (end < now) until.delete(key)
      const keys = watchedMessage.safeParse(parsed(text))
      if (!keys.success) return log.warn("It could not be read which runs are watched")
      for (const key of keys.data) until.set(key, now + WATCHED_FOR)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
