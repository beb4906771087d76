import { poolSize, SIDE_CONNECTIONS, sizePool } from "../db/pool.ts"
import { ConfigurationError } from "../lib/errors.ts"
import type { Work } from "./work.ts"

/** Connections to Redis that a worker process has besides one for each queue: to act, to listen, to enqueue. */
const REDIS_BESIDES = 3

/** Connections to PostgreSQL outside of any pool: one to listen on. */
const LISTENING = 1

/** The most connections that a worker process holds at a time. */
export const connectionBudget = (work: Work[]) => ({
  postgres: poolSize() + SIDE_CONNECTIONS + LISTENING,
  redis: work.length + REDIS_BESIDES,
})

/**
 * Connections to PostgreSQL beside those of the runs: of the schedules one to keep them and one for what they ask for, of
 * bulk operations and of the outbox one each, and some for processors that do not heed their signal, and hold theirs beyond the end of their runs.
 */
const BESIDES = 7

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
