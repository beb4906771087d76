import { MAILING_CHANNEL } from "../db/mailings.ts"
import { closePool } from "../db/pool.ts"
import { CALLBACK_CHANNEL } from "../db/webhook-deliveries.ts"
import { signingEnv } from "../lib/backups/signature.ts"
import { boot } from "../lib/boot.ts"
import { checkCallbacks } from "../lib/callbacks/env.ts"
import { exitOnCrash } from "../lib/crash.ts"
import { checkEnvironment } from "../lib/env.ts"
import { backup } from "../lib/jobs/backup.ts"
import { dataExport } from "../lib/jobs/export.ts"
import { jobs } from "../lib/jobs/index.ts"
import { createLog, logEnv } from "../lib/log.ts"
import { processEnv } from "../lib/process-env.ts"
import { vapid } from "../lib/push/env.ts"
import { closeQueues, closeRedis } from "../lib/queues.ts"
import { redisTarget } from "../lib/redis/target.ts"
import { warnOfRedis } from "../lib/redis/warnings.ts"
import { checkSchedules } from "../lib/schedules/check.ts"
import { checkSeals } from "../lib/sealed.ts"
import { sender } from "../lib/sender.ts"
import { sentryEnv } from "../lib/sentry/env.ts"
import { startReporting } from "../lib/sentry/report.ts"
import { stopOnSignal } from "../lib/shutdown.ts"
import { backupTarget, exportTarget, storageTarget } from "../lib/storage/target.ts"
import { backupEnv, checkBackups } from "./backup/env.ts"
import { keepBulk } from "./bulk/bulk.ts"
import { keepCallbacks } from "./callbacks/keep.ts"
import { createCheckIns } from "./check-ins.ts"
import { connectionBudget, fitPool } from "./connections.ts"
import { workerEnv } from "./env.ts"
import { keepDeadlines } from "./exports/deadlines.ts"
import { serveHealth } from "./health.ts"
import { createLedger } from "./ledger/ledger.ts"
import { ledgerEnv } from "./ledger/retention.ts"
import { checkMail } from "./mail/resend.ts"
import { keepMailings } from "./mailings/keep.ts"
import { createMetrics } from "./metrics/metrics.ts"
import { metricsEnv } from "./metrics/serve.ts"
import { keepOutbox } from "./outbox/keep.ts"
import { notaParanaEnv } from "./price-sync/env.ts"
import { keepPartitions } from "./price-sync/partitions.ts"
import { expoEnv } from "./push/expo-env.ts"
import { keepPushes } from "./push/keep.ts"
import { reporter } from "./report.ts"
import { alarmWork, keepSchedules } from "./schedules/start.ts"
import { syncEnv } from "./sync/env.ts"
import { chosenWork, loadWork } from "./work.ts"
import { startWorkers } from "./workers.ts"

/** Milliseconds that the ledger has to write what it holds at the end. */
const TO_RECORD = 5_000

await boot(async () => {
  checkEnvironment(
    checkCallbacks,
    logEnv,
    processEnv,
    workerEnv,
    sentryEnv,
    metricsEnv,
    ledgerEnv,
    redisTarget,
    checkSchedules,
    () => fitPool(chosenWork()),
    checkMail,
    sender,
    storageTarget,
    notaParanaEnv,
    backupEnv,
    signingEnv,
    checkSeals,
    syncEnv,
    vapid,
    expoEnv,
    () => chosenWork().some(({ job }) => job === backup) && backupTarget(),
    () => chosenWork().some(({ job }) => job === dataExport) && exportTarget(),
  )
  await checkBackups()
  await startReporting()
  exitOnCrash()
  const { PORT, DRAIN_SECONDS } = processEnv()
  const log = createLog("Worker")

  const work = chosenWork()
  await loadWork(work)
  const all = [...work, alarmWork()]
  const ledger = createLedger()
  const most = connectionBudget(all)
  const metrics = createMetrics(
    all.map(({ job }) => job),
    most,
  )
  const workers = startWorkers(all, {
    observers: [ledger.observer, reporter, createCheckIns(), metrics.observer],
    onRemoved: ledger.sweepSoon,
    onBulk: () => bulk.wake(),
    giveUp: (reason) => end(reason),
  })
  ledger.startSweeping(
    work.map(({ job }) => job),
    workers.connection,
  )
  // Runs that ended while Redis was lost may have ended unheard.
  workers.connection.on("ready", ledger.sweepSoon)
  const bulk = keepBulk(workers)
  const callbacks = keepCallbacks()
  const pushes = keepPushes()
  const mailings = keepMailings()
  const outbox = keepOutbox(jobs, {
    [CALLBACK_CHANNEL]: callbacks.wake,
    [MAILING_CHANNEL]: mailings.wake,
  })
  const schedules = keepSchedules()
  const partitions = keepPartitions()
  const deadlines = keepDeadlines()
  const server = serveHealth(workers, () => metrics.text(workers), PORT)
  const end = stopOnSignal(async () => {
    await Promise.all([
      bulk.stop(),
      callbacks.stop(),
      mailings.stop(),
      pushes.stop(),
      outbox.stop(),
      schedules.stop(),
      partitions.stop(),
      deadlines.stop(),
      workers.stop(DRAIN_SECONDS),
    ])
    await ledger.close(TO_RECORD)
    await closeQueues()
    await closePool()
    await closeRedis()
    workers.disconnect()
    await server.stop(true)
  })
  void warnOfRedis(workers.connection)
  log.info(`At most ${most.postgres} connections to PostgreSQL and ${most.redis} to Redis`)
  log.info(`Ready on port ${server.port}`)
})
