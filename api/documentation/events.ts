import type { DocumentDecoration } from "elysia"
import { errors, inPath } from "./parts.ts"

const EVENTS = [
  "`snapshot`: the run as its status tells it, at the begin",
  "`status`: it waits, is delayed or active now",
  "`progress`: how far it is",
  "`log`: a line that it has said, with an id",
  "`completed` or `failed`: the run as it has ended, after which the stream ends",
]

/** The reference's page on listening to a run of this job. */
export const documentEvents = (job: string): DocumentDecoration => ({
  tags: [job],
  summary: `What happens to a run of ${job}, as server-sent events`,
  description: `${EVENTS.join("; ")}. Every 15 seconds a comment tells that the stream is alive.`,
  operationId: `events-${job}`,
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
    200: { description: "The events", content: { "text/event-stream": {} } },
    204: { description: "The run has ended, and the caller has heard so" },
    ...errors({
      404: "No such run",
      503: "Redis or PostgreSQL does not answer, or too many listen here",
    }),
  },
})
