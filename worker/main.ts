import { closePool, poolSize } from "../db/pool.ts"
import { boot } from "../lib/boot.ts"
import { checkEnvironment } from "../lib/env.ts"
import { ConfigurationError } from "../lib/errors.ts"
import { jobs } from "../lib/jobs/index.ts"
import { createLog, logEnv } from "../lib/log.ts"
import { processEnv } from "../lib/process-env.ts"
import { redisTarget } from "../lib/redis/target.ts"
import { warnOfRedis } from "../lib/redis/warnings.ts"
import { stopOnSignal } from "../lib/shutdown.ts"
import { workerEnv } from "./env.ts"
import { serveHealth } from "./health.ts"
import { checkMail } from "./mail.ts"
import { startWorkers } from "./workers.ts"

/** Connections that `/ready` takes beside the runs. */
const ALSO_NEEDED = 1

await boot(async () => {
  checkEnvironment(logEnv, processEnv, workerEnv, redisTarget, checkPool, checkMail)
  const { PORT, DRAIN_SECONDS } = processEnv()

  const workers = startWorkers()
  const server = serveHealth(workers, PORT)
  void warnOfRedis(workers.connection)
  createLog("Worker").info(`Ready on port ${server.port}`)

  stopOnSignal(async () => {
    await workers.stop(DRAIN_SECONDS)
    await closePool()
    workers.disconnect()
    await server.stop(true)
  })
})

/** A transaction must never wait for a connection: postgres.js can then send BEGIN on one that is not reserved. */
function checkPool() {
  const needed = jobs.reduce((sum, { concurrency }) => sum + concurrency, ALSO_NEEDED)
  if (poolSize() >= needed) return
  throw new ConfigurationError(
    `DATABASE_POOL is ${poolSize()}, and the runs worked on at a time, and the checks beside them, need ${needed}`,
  )
}
