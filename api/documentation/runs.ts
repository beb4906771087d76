import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { cursorOf } from "../cursor.ts"
import { searchQuery } from "../requests.ts"
import { filterWords } from "../run-filter.ts"
import { errors } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { json } from "./json.ts"
import { inQuery } from "./parts.ts"
import { ASKED_AT, anyRun } from "./run.ts"

const page = () =>
  z.object({
    runs: z.array(anyRun()),
    next: like(z.string().nullable(), cursorOf({ at: ASKED_AT + 430, id: RUN_ID })).describe(
      "the `cursor` of the next page; null on the last",
    ),
    scanned: z
      .int()
      .optional()
      .describe("runs looked at for this page, of a search among those that have not ended"),
  })

/** The reference's page on the search for runs. */
export const documentSearch = (): DocumentDecoration => ({
  tags: ["runs"],
  summary: "Runs that all of this is true of",
  description:
    "Those that have ended are told from the ledger, the latest first; with a status of those that have not, from Redis, in the order of their turn. Personal data is redacted, and not searched. A page for which many runs had to be looked at may hold few, or none, with a `next` to go on from.",
  operationId: "search-runs",
  parameters: [...inQuery(filterWords), ...inQuery(searchQuery)],
  responses: {
    200: { description: "A page of them", content: json(page, "output") },
    ...errors({
      400: "A word of no meaning, or a cursor of another search",
      403: "The key may not look, or not at the queue that is asked for",
      503: "Redis or PostgreSQL does not answer, or there is too much to look at: the answer says how to narrow it",
    }),
  },
})
