import type postgres from "postgres"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createLog } from "../../lib/log.ts"
import type { RedisClient } from "../../lib/redis/connect.ts"
import { within } from "../../lib/within.ts"
import { dropOld } from "./retention.ts"
import { LEFT_TO_WORKERS, sweep } from "./sweep.ts"

/** Milliseconds from the reason for a sweep to the sweep: living workers have written theirs by then. */
const SOON = 2_000

const AGAIN = 30_000
const HOUR = 3_600_000

/** Sweep queues at once, every hour and whenever asked to, and every hour drop what is old. Two sweeps are never under way. */
export function startSweeper(jobs: JobDefinition[], connection: RedisClient, db: postgres.Sql) {
  const log = createLog("Ledger")
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = 0
  let running: Promise<void> | undefined
  let wantedAt = 0
  let isHourPast = true
  let isFailing = false
  let closed = false
  const stopping = new AbortController()

  const round = async () => {
    const dropping = isHourPast
    const begunAt = Date.now()
    // One that was begun for an earlier reason has not looked for what ended just now.
    const isWanted = () => wantedAt > begunAt - LEFT_TO_WORKERS
    isHourPast = false
    let found = 0
    const failures: unknown[] = []
    // One queue that cannot be searched keeps neither the others nor the rest from being done.
    const attempt = async (act: () => Promise<unknown>) => {
      if (!closed) await act().catch((error) => failures.push(error))
    }
    for (const job of jobs)
      await attempt(async () => {
        found += await sweep(job, connection, db)
      })
    if (dropping) await attempt(() => dropOld(db, stopping.signal))
    if (failures.length && !closed) {
      isHourPast ||= dropping
      if (!isFailing)
        log.warn("Could not search Redis for runs to record; trying again", { error: failures[0] })
      isFailing = true
      return isWanted() ? SOON : AGAIN
    }
    isFailing = false
    if (found) log.info(`${found} runs were found in Redis and recorded`)
    return isWanted() ? SOON : undefined
  }
  const start = () => {
    timer = undefined
    running = round().then((next) => {
      running = undefined
      if (next !== undefined) want(next)
    })
  }
  const want = (delay: number) => {
    wantedAt = Date.now()
    if (closed || running || (timer && due <= Date.now() + delay)) return
    clearTimeout(timer)
    due = Date.now() + delay
    timer = setTimeout(start, delay)
  }
  const hourly = setInterval(() => {
    isHourPast = true
    want(SOON)
  }, HOUR)
  want(SOON)

  return {
    /** Sweep in a moment. */
    sweepSoon: () => want(SOON),
    /** Sweep no more; waits so many milliseconds for the sweep under way. */
    async stop(patience: number) {
      closed = true
      stopping.abort()
      clearInterval(hourly)
      clearTimeout(timer)
      if (running) await within(patience, "sweeping", running).catch(() => undefined)
    },
  }
}

export type Sweeper = ReturnType<typeof startSweeper>
