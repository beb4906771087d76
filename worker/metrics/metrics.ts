import { postgresMetrics, waitingMetrics } from "../../db/metrics.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createAnswers, LOOK_KEPT } from "../../lib/metrics/answers.ts"
import { type ConnectionBudget, connectionsLimit } from "../../lib/metrics/connections.ts"
import { gauge, type Reading } from "../../lib/metrics/exposition.ts"
import { createProcessMetrics } from "../../lib/metrics/process.ts"
import { queueMetrics } from "../../lib/metrics/queues.ts"
import { redisMetrics } from "../../lib/metrics/redis.ts"
import { kept } from "../../lib/readiness.ts"
import { pushCounts } from "../push/counts.ts"
import type { QueueWorker } from "../queue-worker.ts"
import type { Workers } from "../workers.ts"
import { budgetMetrics } from "./budgets.ts"
import { createRunMetrics } from "./runs.ts"

/** What a scrape looks at. */
type Scraped = Pick<Workers, "connection"> & { workers: QueueWorker[] }

/** The metrics of a worker process: `observer` counts what becomes of runs, `text` tells it with all that is measured when asked. */
export function createMetrics(jobs: readonly JobDefinition[], most: ConnectionBudget) {
  const runs = createRunMetrics()
  runs.expect(jobs)
  const processText = createProcessMetrics()
  const depths = kept(() => queueMetrics(jobs), LOOK_KEPT)
  const budgets = kept(budgetMetrics, LOOK_KEPT)
  const waiting = kept(waitingMetrics, LOOK_KEPT)
  const ask = createAnswers()

  const text = async ({ connection, workers }: Scraped) => {
    const active = workers.map((worker): Reading => [{ queue: worker.name }, worker.active.size])
    return [
      runs.text(),
      pushCounts.text(),
      gauge("esteira_runs_active", "Runs that this process is at.", active),
      processText(),
      connectionsLimit(most),
      await ask({
        redis: () => redisMetrics(connection),
        postgres: postgresMetrics,
        queues: depths,
        waiting,
        budgets,
      }),
    ].join("")
  }
  return { observer: runs.observer, text }
}

export type Metrics = ReturnType<typeof createMetrics>
