import { redact } from "../lib/redact.ts"
import { reportError } from "../lib/sentry/report.ts"
import { tellAll } from "../lib/tell-all.ts"
import type { EndedTry, Observer, Outcome, Try } from "./observer.ts"
import { tellOf } from "./tell.ts"

/** How grave a try's end is; an outcome that is not here is no failure. */
const GRAVITY: Partial<Record<Outcome, "warning" | "error">> = {
  retrying: "warning",
  failed: "error",
  "timed-out": "error",
}

/** Reports every failed try to Sentry; those of one run, and of others that fail alike on its queue, are one issue. */
export const reporter: Observer = { ended, ignored }

function ended(ended: EndedTry) {
  const level = GRAVITY[ended.outcome]
  if (level === undefined) return
  reportError(ended.error, () => {
    const { tags, contexts } = tell(ended)
    const fingerprint = ["{{ default }}", ended.job.name]
    return { level, tags: { ...tags, outcome: ended.outcome }, contexts, fingerprint }
  })
}

function ignored(begun: Try) {
  reportError(new Error(`A processor of ${begun.job.name} does not heed its signal`), () => ({
    ...tell(begun),
    fingerprint: ["ignored signal", begun.job.name],
  }))
}

function tell(begun: Try) {
  const { job, queued, payload, attempt } = begun
  const tellText = tellOf(begun)
  const name = queued.name === job.name ? queued.name : tellText(queued.name)
  const run = {
    id: queued.id!,
    queue: job.name,
    name,
    attempt,
    attempts: queued.opts.attempts ?? 1,
  }
  const shown = redact(job.payload, payload ?? queued.data)
  return {
    tags: { queue: job.name, run_id: run.id, job_name: name, attempt },
    contexts: { run: { ...run, payload: tellAll(shown, tellText) } },
  }
}
