import type { JobDefinition } from "../../lib/jobs/define.ts"
import { email } from "../../lib/jobs/email.ts"
import { like } from "../../lib/like.ts"
import { type RunStatus, runStatus } from "../../lib/runs.ts"
import { tellRun } from "../../lib/tell-run.ts"
import { named } from "../control/tell.ts"
import { toldRun } from "../control/told.ts"
import { exampleOf, RUN_ID } from "./example.ts"
import { schemaOf } from "./json.ts"

/** When the run of the examples was asked for. */
export const ASKED_AT = Date.parse("2026-02-10T12:00:00Z")

const asked = (job: JobDefinition): RunStatus => ({
  jobId: RUN_ID,
  queue: job.name,
  name: job.name,
  status: "waiting",
  progress: { percentage: 0, stage: "waiting", message: "" },
  data: job.payload.parse(job.example),
  returnValue: null,
  failedReason: null,
  attemptsMade: 0,
  createdAt: ASKED_AT,
  processedOn: null,
  finishedOn: null,
})

/** A run of a job that waits, as it is told. */
const waitingRun = (job: JobDefinition) => tellRun(job, asked(job))

/** One that a worker is at. */
export const activeRun = (job: JobDefinition): RunStatus => ({
  ...waitingRun(job),
  status: "active",
  progress: { percentage: 0, stage: "active", message: "" },
  processedOn: ASKED_AT + 12,
})

/** One that has completed. */
export const completedRun = (job: JobDefinition) =>
  tellRun(job, {
    ...asked(job),
    status: "completed",
    progress: { percentage: 100, stage: "completed", message: "" },
    returnValue: exampleOf(schemaOf(job.result, "output")),
    attemptsMade: 1,
    processedOn: ASKED_AT + 12,
    finishedOn: ASKED_AT + 430,
  })

/** Why the mail of the examples could not be sent. */
export const FAILED_FOR = "Resend: validation_error: The example.com domain is not verified"

/** A mail that could not be sent. */
const failedRun = (): RunStatus => ({
  ...waitingRun(email),
  status: "failed",
  progress: { percentage: 0, stage: "failed", message: "" },
  failedReason: FAILED_FOR,
  attemptsMade: 1,
  processedOn: ASKED_AT + 12,
  finishedOn: ASKED_AT + 430,
})

/** Runs of all jobs, as they are told. */
export const anyRun = () => like(runStatus, failedRun())

const forOperators = (run: RunStatus, stacktrace: string[] = []) =>
  like(toldRun, { ...named(run), priority: 5, attempts: email.attempts, stacktrace })

/** Runs as operators see them, by where they stand. */
export const operatorsRuns = {
  waiting: () => forOperators(waitingRun(email)),
  active: () => forOperators(activeRun(email)),
  failed: () => forOperators(failedRun(), [`PermanentError: ${FAILED_FOR}`]),
}
