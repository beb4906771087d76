import { z } from "zod"
import { EnqueueUnconfirmed, PayloadError } from "../../lib/errors.ts"
import { RUN_ID } from "./example.ts"
import { shown } from "./json.ts"

const problem = z.object({ error: z.string() })

/** What is said besides, by the status. */
const PROBLEMS: Record<number, z.ZodType> = {
  400: problem.extend({
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
  500: problem.extend({
    message: z.string(),
    requestId: z.string().describe("the `x-request-id` of the answer, by which the log has it"),
  }),
  503: problem.extend({ jobId: z.uuid().optional().describe("of a run that nothing has confirmed") }),
}

/** A schema of what is answered with 503, where that is not a problem alone. */
export const orProblem = (schema: z.ZodType) => schema.or(PROBLEMS[503]!)

type Says = string | object | (() => object | undefined)

/** When an error is answered, and with which words where these are a route's own. */
type Meaning = string | readonly [means: string, says: Says]

/** Answers that say what is wrong, by their status; what is the same everywhere is said of all routes together. */
export const errors = (statuses: Record<number, Meaning>) =>
  Object.fromEntries(
    Object.entries(statuses).map(([status, meaning]) => {
      const [description, says] = typeof meaning === "string" ? [meaning] : meaning
      const content = shown(PROBLEMS[Number(status)] ?? problem, "output", () => bodyOf(says))
      return [status, { description, content }]
    }),
  )

const bodyOf = (says: Says | undefined) => {
  if (typeof says === "string") return { error: says }
  return typeof says === "function" ? says() : says
}

/** What is answered to a request that has this wrong in it. */
export const invalid = (path: string, message: string) =>
  refusalOf(new PayloadError("Bad request", [{ path, message }]))

/** What is answered to a payload that is refused. */
export const refusalOf = ({ message, problems }: PayloadError) => ({ error: message, details: problems })

/** What is answered when it is not known whether a run is queued. */
export const UNCONFIRMED = { error: new EnqueueUnconfirmed(RUN_ID, undefined).message, jobId: RUN_ID }
