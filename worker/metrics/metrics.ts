import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createLog } from "../../lib/log.ts"
import { kept } from "../../lib/readiness.ts"
import { within } from "../../lib/within.ts"
import type { QueueWorker } from "../queue-worker.ts"
import type { Workers } from "../workers.ts"
import { budgetMetrics } from "./budgets.ts"
import { postgresMetrics, redisMetrics } from "./dependencies.ts"
import { gauge, type Reading } from "./exposition.ts"
import { createProcessMetrics } from "./process.ts"
import { queueMetrics } from "./queues.ts"
import { createRunMetrics } from "./runs.ts"

/** Milliseconds that a dependency has to answer a scrape. */
const PATIENCE = 2_000

/** Milliseconds for which the depths of queues and the budgets are told again: each look is a billed command. */
const LOOK_KEPT = 10_000

/** The most connections that the process holds at a time. */
type Budget = Record<"postgres" | "redis", number>

/** What a scrape looks at. */
type Scraped = Pick<Workers, "connection"> & { workers: QueueWorker[] }

/** The metrics of a worker process: `observer` counts what becomes of runs, `text` tells it with all that is measured when asked. */
export function createMetrics(jobs: readonly JobDefinition[], budget: Budget) {
  const runs = createRunMetrics()
  runs.expect(jobs)
  const processText = createProcessMetrics()
  const depths = kept(() => queueMetrics(jobs), LOOK_KEPT)
  const budgets = kept(budgetMetrics, LOOK_KEPT)
  const answer = createAnswers()

  const text = async ({ connection, workers }: Scraped) => {
    const answers = await Promise.all([
      answer("redis", () => redisMetrics(connection)),
      answer("postgres", postgresMetrics),
      answer("queues", depths),
      answer("budgets", budgets),
    ])
    const active = workers.map((worker): Reading => [{ queue: worker.name }, worker.active.size])
    const most = Object.entries(budget).map(([to, value]): Reading => [{ to }, value])
    const up = answers.map(({ name, text }): Reading => [{ part: name }, text === undefined ? 0 : 1])
    return [
      runs.text(),
      gauge("esteira_runs_active", "Runs that this process is at.", active),
      processText(),
      gauge("esteira_connections_limit", "Most connections this process holds.", most),
      gauge(
        "esteira_up",
        "Whether a part of this scrape could be had: 1, or 0 and its metrics are missing.",
        up,
      ),
      ...answers.map(({ text = "" }) => text),
    ].join("")
  }
  return { observer: runs.observer, text }
}

export type Metrics = ReturnType<typeof createMetrics>

/** Asks parts of a scrape, none for longer than it may take; why one is missing is logged once. */
function createAnswers() {
  const log = createLog("Metrics")
  const missing = new Set<string>()
  return async (name: string, ask: () => Promise<string>): Promise<{ name: string; text?: string }> => {
    try {
      const text = await within(PATIENCE, name, ask())
      missing.delete(name)
      return { name, text }
    } catch (error) {
      if (!missing.has(name))
        log.warn(`The metrics of ${name} are missing`, { reason: (error as Error).message })
      missing.add(name)
      return { name }
    }
  }
}
