import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { EnqueueUnconfirmed, PayloadError } from "../../lib/errors.ts"
import { like } from "../../lib/like.ts"
import { exampleOf, RUN_ID } from "./example.ts"

/** A zod schema as the reference shows it: what goes in, or what comes out. */
export const schemaOf = (schema: z.ZodType, io: "input" | "output") =>
  z.toJSONSchema(schema, { io, unrepresentable: "any" }) as never

type Schema = z.ZodType | (() => z.ZodType)

/** JSON as the reference shows it. It is written when the reference is asked for, as of few processes it ever is. */
const shown = (schema: Schema, io: "input" | "output", example: (written: object) => unknown) => {
  let written: object | undefined
  const write = () => {
    written ??= schemaOf(typeof schema === "function" ? schema() : schema, io) as object
    return written
  }
  return {
    "application/json": {
      get schema() {
        return write() as never
      },
      get example() {
        return example(write())
      },
    },
  }
}

/** A body of JSON, with an example that is made from its schema unless one is given. */
export const json = (schema: Schema, io: "input" | "output", example?: unknown) =>
  shown(schema, io, (written) => example ?? exampleOf(written))

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

/** When an error is answered, and with which words where these are a route's own. */
type Says = string | object | (() => object | undefined)
type Meaning = string | readonly [means: string, says: Says]

/** Answers that say what is wrong, by their status; what is the same everywhere is said of all routes together. */
export const errors = (statuses: Record<number, Meaning>) =>
  Object.fromEntries(
    Object.entries(statuses).map(([status, meaning]) => {
      const [description, says] = typeof meaning === "string" ? [meaning] : meaning
      const example = typeof says === "string" ? { error: says } : says
      const schema = PROBLEMS[Number(status)] ?? problem
      return [
        status,
        {
          description,
          content: shown(schema, "output", () => (typeof example === "function" ? example() : example)),
        },
      ]
    }),
  )

/** What is answered to a request that has this wrong in it. */
export const invalid = (path: string, message: string) =>
  refusalOf(new PayloadError("Bad request", [{ path, message }]))

/** What is answered to a payload that is refused. */
export const refusalOf = ({ message, problems }: PayloadError) => ({ error: message, details: problems })

/** What is answered when it is not known whether a run is queued. */
export const UNCONFIRMED = { error: new EnqueueUnconfirmed(RUN_ID, undefined).message, jobId: RUN_ID }

/** The id of a run that is told. */
export const runId = like(z.string(), RUN_ID)

/** Where the next page of a list begins. */
export const next = like(z.int().nullable(), 12)

/** What is answered when something is done. */
export const done = (message: string) =>
  z.object({ success: z.literal(true), message: like(z.string(), message) })

/** What else may be answered by a route about one person. */
export const aboutPerson = {
  400: [
    "A key names nobody, or something else is not what is asked for",
    invalid("userId", "the id of whom it is about, since nobody has logged in"),
  ],
  403: "Not for this key, or about somebody else",
  404: ["No such user", "No user 12"],
  503: "PostgreSQL does not answer",
} as const

/** What any route that is not open may say. */
const REFUSALS = errors({
  401: "No valid API key, and no session",
  403: "Not for this key, or whoever has logged in",
  429: "Too many requests: `Retry-After` tells when to ask again",
  503: "What knows who may ask does not answer",
})

/** What any route may say when it is at fault itself. */
export const FAILURE = errors({ 500: "Something went wrong here: the log has it, by its `requestId`" })

/** What any route that takes a body may say of it. */
export const BODY_REFUSALS = errors({
  400: "The body is not what is asked for: each problem with its path",
  413: "The body is too large",
  415: "The body is not JSON by its content type",
})

/** The page of a route with what is said to those whom it refuses, unless it says that itself. */
export const withRefusals = (detail: DocumentDecoration): DocumentDecoration => ({
  ...detail,
  responses: { ...REFUSALS, ...(detail.requestBody && BODY_REFUSALS), ...detail.responses },
})

/** What is said of a run that came while Redis was away, or that is asked for in a transaction. */
export const IS_KEPT = "`accepted`: kept in PostgreSQL, and brought into the queue by a worker"

/** A part of the path. */
export const inPath = (name: string) => ({
  name,
  in: "path" as const,
  required: true,
  schema: { type: "string" as const },
})

/** What may be said in the query. */
export const inQuery = ({ shape }: z.ZodObject) =>
  Object.entries(shape).map(([name, schema]) => ({
    name,
    in: "query" as const,
    required: false,
    get schema() {
      return schemaOf(schema as z.ZodType, "input")
    },
  }))
