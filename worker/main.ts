import { closePool } from "../db/pool.ts"
import { boot } from "../lib/boot.ts"
import { checkEnvironment } from "../lib/env.ts"
import { createLog, logEnv } from "../lib/log.ts"
import { processEnv } from "../lib/process-env.ts"
import { redisTarget } from "../lib/redis/target.ts"
import { warnOfRedis } from "../lib/redis/warnings.ts"
import { stopOnSignal } from "../lib/shutdown.ts"
import { checkPool, connectionBudget } from "./connections.ts"
import { workerEnv } from "./env.ts"
import { serveHealth } from "./health.ts"
import { checkMail } from "./mail.ts"
import { chosenWork } from "./work.ts"
import { startWorkers } from "./workers.ts"

await boot(async () => {
  checkEnvironment(logEnv, processEnv, workerEnv, redisTarget, () => checkPool(chosenWork()), checkMail)
  const { PORT, DRAIN_SECONDS } = processEnv()
  const log = createLog("Worker")

  const work = chosenWork()
  const workers = startWorkers(work, { giveUp: (reason) => end(reason) })
  const server = serveHealth(workers, PORT)
  const end = stopOnSignal(async () => {
    await workers.stop(DRAIN_SECONDS)
    await closePool()
    workers.disconnect()
    await server.stop(true)
  })
  void warnOfRedis(workers.connection)
  const most = connectionBudget(work)
  log.info(`At most ${most.postgres} connections to PostgreSQL and ${most.redis} to Redis`)
  log.info(`Ready on port ${server.port}`)
})
