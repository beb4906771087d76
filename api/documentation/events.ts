import type { DocumentDecoration } from "elysia"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { END } from "../events/follower.ts"
import { errors } from "./errors.ts"
import { noRun } from "./jobs.ts"
import { inPath } from "./parts.ts"
import { ASKED_AT, activeRun, completedRun } from "./run.ts"
import { stream } from "./stream.ts"

const EVENTS = [
  "`snapshot`: the run as its status tells it, at the beginning",
  "`status`: it waits, is delayed or active now",
  "`progress`: how far it is",
  "`log`: a line that it has said, with an id",
  "`completed` or `failed`: the run as it has ended, after which the stream ends",
]

const eventsOf = (job: JobDefinition) => [
  { event: "snapshot", data: activeRun(job) },
  { event: "log", data: { at: ASKED_AT + 20, text: "It has begun" }, id: `${ASKED_AT + 20}-0` },
  { event: "progress", data: { percentage: 50, stage: "working", message: "Half of it is done" } },
  { event: "completed", data: completedRun(job), id: END },
]

/** The reference's page on listening to a run of this job. */
export const documentEvents = (job: JobDefinition): DocumentDecoration => ({
  tags: [job.name],
  summary: `What happens to a run of ${job.name}, as server-sent events`,
  description: `${EVENTS.join("; ")}. Every 15 seconds a comment tells that the stream is alive.`,
  operationId: `events-${job.name}`,
  parameters: [
    inPath("id"),
    {
      name: "last-event-id",
      in: "header",
      required: false,
      description: "the id of the last event that was heard: lines of the log up to it are not told again",
      schema: { type: "string" },
    },
  ],
  responses: {
    200: { description: "The events", content: stream(() => eventsOf(job)) },
    204: { description: "The run has ended, and the caller has heard so" },
    ...errors({
      404: noRun(job.name),
      503: "Redis or PostgreSQL does not answer, or too many listen here",
    }),
  },
})
