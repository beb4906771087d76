import { asJson } from "../../db/json.ts"
import type { RunEvent } from "../../db/run-events.ts"
import { asRow, type RecordedRun } from "../../db/runs.ts"
import { askerOf } from "../../lib/asker.ts"
import { callbackOf } from "../../lib/callbacks/url.ts"
import { redact, redactText } from "../../lib/redact.ts"
import { tellAll } from "../../lib/tell-all.ts"
import type { EndedTry } from "../observer.ts"
import { tellOf } from "../tell.ts"

/** What the ledger is told at one time of a run, ready to be written: without personal data. */
export interface Entry {
  id: string
  /** The run's row, if it has ended for good. */
  run: string | undefined
  /** Each as JSON. */
  events: string[]
  /** Characters of it all. */
  size: number
}

/** Characters of an error's text, and of a line of the log, that are kept. */
const LONGEST_TEXT = 4_000

/** Characters of a run that are kept: its payload is limited by the door, its result by nobody. */
const LONGEST_RUN = 256 * 1024

/** What the end of a try leaves in the ledger. */
export function entryOf(ended: EndedTry): Entry {
  const { job, queued, outcome, endedAt, error } = ended
  const isCompleted = outcome === "completed"
  const isFinal = outcome !== "retrying" && outcome !== "postponed" && outcome !== "handed-back"
  const payload = isFinal ? (redact(job.payload, ended.payload ?? queued.data) ?? {}) : undefined
  const run = isFinal
    ? runOf({
        id: queued.id!,
        queue: job.name,
        name: queued.name === job.name ? job.name : textOf(queued.name, tellOf(ended)),
        status: outcome,
        priority: queued.opts.priority ?? 0,
        payload: isCompleted ? payload : tellAll(payload, tellOf(ended)),
        result: isCompleted ? (redact(job.result, ended.result) ?? null) : null,
        error: isCompleted ? null : textOf(error?.message ?? ""),
        attempts: queued.attemptsMade,
        askedAt: queued.timestamp,
        startedAt: queued.processedOn ?? null,
        // What Redis has for it, so that the two can be compared.
        finishedAt: queued.finishedOn ?? endedAt,
        askedBy: askerOf(queued.opts),
        callbackUrl: callbackOf(queued.opts),
      })
    : undefined
  return entry(queued.id!, run, eventsOf(ended))
}

/** What a run that has ended leaves in the ledger, when only Redis tells of it. */
export const entryOfRun = (run: RecordedRun) => entry(run.id, runOf(run), [])

/** A text from outside, without personal data. */
export const textOf = (text: string, tell = redactText) => tell(text).slice(0, LONGEST_TEXT)

function entry(id: string, run: string | undefined, events: string[]): Entry {
  let size = run?.length ?? 0
  for (const event of events) size += event.length
  return { id, run, events, size }
}

function runOf(run: RecordedRun): string {
  const row = asRow(run)
  if (row.length <= LONGEST_RUN) return row
  return asRow({ ...run, payload: "[too large]", result: run.result === null ? null : "[too large]" })
}

const NONE: string[] = []

function eventsOf(ended: EndedTry): string[] {
  const { queued, attempt, outcome, startedAt, endedAt, error, lines, stages } = ended
  // Most runs complete and have nothing more to tell than that.
  if (outcome === "completed" && lines.length === 0 && stages.length === 0) return NONE
  const event = (kind: RunEvent["kind"], at: number, place: number, data: RunEvent["data"]) =>
    asJson({ runId: queued.id!, at, kind, attempt, place, data } satisfies RunEvent)

  const told = [
    ...lines.map(({ at, text }, place) => event("log", at, place, { text: text.slice(0, LONGEST_TEXT) })),
    ...stages.map(({ at, percentage, stage, message }, place) =>
      event("stage", at, place, { percentage, stage: textOf(stage), message: textOf(message) }),
    ),
  ]
  if (outcome === "completed") return told
  return [...told, event("attempt", endedAt, 0, { outcome, startedAt, error: textOf(error?.message ?? "") })]
}
