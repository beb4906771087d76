import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { errors, invalid } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { schemaOf } from "./json.ts"

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
