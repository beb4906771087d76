import { closePool, poolSize } from "../db/pool.ts"
import { signingEnv } from "../lib/backups/signature.ts"
import { checkCallbacks } from "../lib/callbacks/env.ts"
import { exitOnCrash } from "../lib/crash.ts"
import { checkEnvironment } from "../lib/env.ts"
import { listen } from "../lib/listen.ts"
import { createLog, logEnv } from "../lib/log.ts"
import { processEnv } from "../lib/process-env.ts"
import { vapidPublicKey } from "../lib/push/env.ts"
import { closeQueues, closeRedis, queueClient } from "../lib/queues.ts"
import { redisTarget } from "../lib/redis/target.ts"
import { warnOfRedis } from "../lib/redis/warnings.ts"
import { checkSeals } from "../lib/sealed.ts"
import { sentryEnv } from "../lib/sentry/env.ts"
import { startReporting } from "../lib/sentry/report.ts"
import { stopOnSignal } from "../lib/shutdown.ts"
import { storageTarget } from "../lib/storage/target.ts"
import { within } from "../lib/within.ts"
import { tellPeersBy } from "./access/address.ts"
import { writeUses } from "./access/key-ring.ts"
import { createApp } from "./app.ts"
import { costMeter } from "./control/cost.ts"
import { apiEnv } from "./env.ts"
import { endStreams } from "./events/hub.ts"
import { apiMetrics } from "./metrics/metrics.ts"
import { asCame, routable } from "./routable.ts"

type Fetch = (request: Request) => Response | Promise<Response>

/** A server of the runtime; it stops once its requests have ended, and tells the address at the other end of one. */
interface Server {
  stop(): Promise<unknown>
  peer(request: Request): string | undefined
}

/** Serve the API with what the runtime has for it, until a signal ends it. */
export async function startApi(serve: (fetch: Fetch, port: number, hostname: string) => Server) {
  checkEnvironment(
    checkCallbacks,
    logEnv,
    processEnv,
    apiEnv,
    sentryEnv,
    checkSeals,
    redisTarget,
    poolSize,
    storageTarget,
    signingEnv,
    vapidPublicKey,
  )
  await startReporting()
  exitOnCrash()
  const { PORT, DRAIN_SECONDS } = processEnv()
  void warnOfRedis(queueClient())
  const meter = costMeter().start()

  const log = createLog("API")
  const app = createApp()
  const answer = apiMetrics().counting((request) => app.fetch(routable(request)))
  const server = listen(PORT, (hostname) => serve(answer, PORT, hostname))
  tellPeersBy((request) => server.peer(asCame(request)))
  log.info(`Ready on port ${PORT}`)

  stopOnSignal(async () => {
    meter.stop()
    endStreams()
    await within(DRAIN_SECONDS * 1_000, "draining", server.stop()).catch((error: Error) =>
      log.warn("Requests are cut off", { reason: error.message }),
    )
    await writeUses()
    await closeQueues()
    await closeRedis()
    await closePool()
  })
}
