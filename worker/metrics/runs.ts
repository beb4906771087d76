import type { JobDefinition } from "../../lib/jobs/define.ts"
import { createCounter, createHistogram } from "../../lib/metrics/exposition.ts"
import type { EndedTry, Observer, Outcome, Try } from "../observer.ts"

const OUTCOMES: readonly Outcome[] = [
  "completed",
  "failed",
  "cancelled",
  "timed-out",
  "retrying",
  "postponed",
  "handed-back",
]

/** Seconds: from a mail that waits for nothing to a backup at its limit. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1_800, 3_600]

/** Counts what becomes of runs. What a run costs here is paid by every run: a few additions, with all labels made before. */
export function createRunMetrics() {
  const waits = createHistogram(
    "esteira_run_wait_seconds",
    "Time from when a run was due to its first try.",
    BOUNDS,
  )
  const durations = createHistogram(
    "esteira_run_duration_seconds",
    "Time that tries of runs took, by how they ended.",
    BOUNDS,
  )
  const ends = createCounter("esteira_runs_total", "Tries of runs that have ended, by how they ended.")
  const stalls = createCounter(
    "esteira_runs_stalled_total",
    "Runs found left behind by a worker that died, and taken up again.",
  )
  const ignorances = createCounter(
    "esteira_runs_ignored_total",
    "Runs that have ended without their processor, which did not heed its signal.",
  )

  const open = (queue: string) => ({
    wait: waits.of({ queue }),
    stalled: stalls.of({ queue }),
    ignored: ignorances.of({ queue }),
    ended: Object.fromEntries(
      OUTCOMES.map((outcome) => {
        let duration: ReturnType<typeof durations.of> | undefined
        const count = ends.of({ queue, outcome })
        const add = (seconds: number) => {
          // Most ends never come to most queues: a histogram of each would be lines of noughts.
          duration ??= durations.of({ queue, outcome })
          duration.observe(seconds)
          count.value += 1
        }
        return [outcome, add]
      }),
    ) as Record<Outcome, (seconds: number) => void>,
  })
  const byQueue = new Map<string, ReturnType<typeof open>>()
  const of = ({ name }: JobDefinition) => {
    const known = byQueue.get(name)
    if (known) return known
    const opened = open(name)
    byQueue.set(name, opened)
    return opened
  }

  const observer = {
    started({ job, queued, startedAt }: Try) {
      // Later tries begin when the one before has ended, and a pause after it.
      if (queued.attemptsStarted > 1) return
      const due = queued.timestamp + (queued.opts.delay ?? 0)
      of(job).wait.observe(seconds(due, startedAt))
    },
    ended({ job, outcome, startedAt, endedAt }: EndedTry) {
      of(job).ended[outcome](seconds(startedAt, endedAt))
    },
    stalled(job: JobDefinition) {
      of(job).stalled.value += 1
    },
    ignored({ job }: Try) {
      of(job).ignored.value += 1
    },
  } satisfies Observer
  return {
    observer,
    /** Have noughts to show before a queue's first run, so that its first failure is seen to happen. */
    expect: (jobs: readonly JobDefinition[]) => jobs.forEach(of),
    text: () => [ends, durations, waits, stalls, ignorances].map((metric) => metric.text()).join(""),
  }
}

/** Clocks of two machines may differ by more than a run waits. */
const seconds = (from: number, to: number) => Math.max(0, to - from) / 1_000
