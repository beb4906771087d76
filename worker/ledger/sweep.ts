import { markSwept, sweptUntil } from "../../db/ledger-watermarks.ts"
import type { Db } from "../../db/pool.ts"
import { unrecorded } from "../../db/runs.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { queueKey } from "../../lib/queues.ts"
import type { RedisClient } from "../../lib/redis/connect.ts"
import type { EndState } from "../../lib/runs-outcome.ts"
import { readEnded } from "./ended.ts"
import type { Entry } from "./entry.ts"
import { record } from "./record.ts"

/** Milliseconds that a worker has to write of a run itself. */
export const LEFT_TO_WORKERS = 1_000

/** Milliseconds after which every end is surely where it is looked for, clocks apart and Redis slow as they may be. */
const SURE = 5 * 60_000

const PAGE = 1_000

/** Runs read at a time. */
const READ = 100

const STATES: EndState[] = ["completed", "failed"]

/**
 * Record the runs of a queue that Redis says have ended and the ledger knows nothing of, and return how many.
 * Costs Redis two commands when there is none; done by two workers at once it comes to the same.
 */
export async function sweep(
  job: JobDefinition,
  connection: RedisClient,
  db: Db,
  now = Date.now(),
): Promise<number> {
  let found = 0
  for (const state of STATES) {
    const from = await sweptUntil(job.name, state, db)
    for await (const page of pages(job, state, { from, until: now - LEFT_TO_WORKERS }, connection)) {
      const missing = await unrecorded(page, db)
      for (let first = 0; first < missing.length; first += READ) {
        const ids = missing.slice(first, first + READ)
        const entries = await Promise.all(ids.map((id) => readEnded(job, state, id, connection)))
        const ended = entries.filter((entry): entry is Entry => entry !== undefined)
        await record(ended, db)
        found += ended.length
      }
    }
    await markSwept(job.name, state, now - SURE, db)
  }
  return found
}

/** Ids of runs and when they ended, earliest first. Pages follow the times: runs that leave meanwhile shift no other. */
async function* pages(
  { name }: JobDefinition,
  state: EndState,
  { from, until }: { from: number; until: number },
  connection: RedisClient,
) {
  const key = queueKey(name, state)
  let offset = 0
  for (let at = from; ; ) {
    const found = await connection.zrangebyscore(key, at, until, "WITHSCORES", "LIMIT", offset, PAGE)
    const page = []
    for (let place = 0; place < found.length; place += 2)
      page.push({ id: found[place]!, at: Number(found[place + 1]) })
    if (page.length) yield page
    if (page.length < PAGE) return
    const last = page.at(-1)!.at
    offset = last === at ? offset + PAGE : 0
    at = last
  }
}
