import { postgresMetrics, waitingMetrics } from "../../db/metrics.ts"
import { poolSize, SIDE_CONNECTIONS } from "../../db/pool.ts"
import { jobs } from "../../lib/jobs/index.ts"
import { createAnswers, LOOK_KEPT } from "../../lib/metrics/answers.ts"
import { connectionsLimit } from "../../lib/metrics/connections.ts"
import { createProcessMetrics } from "../../lib/metrics/process.ts"
import { queueMetrics } from "../../lib/metrics/queues.ts"
import { redisMetrics } from "../../lib/metrics/redis.ts"
import { queueClient } from "../../lib/queues.ts"
import { kept } from "../../lib/readiness.ts"
import { createRequestMetrics } from "./requests.ts"

/** One client, which is shared by everything. */
const REDIS_CONNECTIONS = 1

function createApiMetrics() {
  const requests = createRequestMetrics()
  const processText = createProcessMetrics()
  // Here as well: when no worker is left to tell them, they matter most.
  const depths = kept(() => queueMetrics(jobs), LOOK_KEPT)
  const waiting = kept(waitingMetrics, LOOK_KEPT)
  const ask = createAnswers()

  return {
    counting: requests.counting,
    /** All that is measured, in Prometheus' text format. */
    text: async () =>
      [
        requests.text(),
        processText(),
        connectionsLimit({ postgres: poolSize() + SIDE_CONNECTIONS, redis: REDIS_CONNECTIONS }),
        await ask({
          redis: () => redisMetrics(queueClient()),
          postgres: postgresMetrics,
          queues: depths,
          waiting,
        }),
      ].join(""),
  }
}

let metrics: ReturnType<typeof createApiMetrics> | undefined

/** The metrics of this process, measured from the first call on. */
export function apiMetrics() {
  metrics ??= createApiMetrics()
  return metrics
}
