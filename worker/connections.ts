import { poolSize, SIDE_CONNECTIONS, sizePool } from "../db/pool.ts"
import { ConfigurationError } from "../lib/errors.ts"
import { backup } from "../lib/jobs/backup.ts"
import type { Work } from "./work.ts"

/** Connections to Redis that a worker process has besides one for each queue: to act, to listen, to enqueue. */
const REDIS_BESIDES = 3

/** Connections to PostgreSQL outside of any pool: one to listen on. */
const LISTENING = 1

/**
 * Connections to PostgreSQL that a run of `backup` opens for itself: one for its lock, and at most, in a drill, one to make a
 * database and three into it.
 */
const OF_BACKUPS = 5

/** The most connections that a worker process holds at a time. */
export const connectionBudget = (work: Work[]) => ({
  postgres:
    poolSize() +
    SIDE_CONNECTIONS +
    LISTENING +
    (work.some(({ job }) => job.name === backup.name) ? OF_BACKUPS : 0),
  redis: work.length + REDIS_BESIDES,
})

/**
 * Connections to PostgreSQL beside those of the runs: of the schedules one to keep them and one for what they ask for; of
 * bulk operations, callbacks, mailings, pushes and the outbox one each; and one for processors that do not heed their signal,
 * and hold theirs beyond the end of their runs.
 */
const BESIDES = 8

/**
 * Have the pool hold what this work needs; throws when the environment has it hold less. A transaction must never wait
 * for a connection: postgres.js can then send BEGIN on one that is not reserved.
 */
export function fitPool(work: Work[]) {
  const needed = work.reduce((sum, { job }) => sum + job.concurrency, BESIDES)
  sizePool(needed)
  if (poolSize() >= needed) return
  throw new ConfigurationError(
    `DATABASE_POOL is ${poolSize()}, and the runs worked on at a time, and what is beside them, need ${needed}`,
  )
}
