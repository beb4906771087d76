import type { DocumentDecoration } from "elysia"
import { z } from "zod"

/** A zod schema as the reference shows it: what goes in, or what comes out. */
export const schemaOf = (schema: z.ZodType, io: "input" | "output") =>
  z.toJSONSchema(schema, { io, unrepresentable: "any" }) as never

/** A body of JSON. Its schema is written when the reference is asked for, as of few processes it ever is. */
export const json = (schema: z.ZodType, io: "input" | "output", example?: unknown) => ({
  "application/json": {
    get schema() {
      return schemaOf(schema, io)
    },
    ...(example === undefined ? {} : { example }),
  },
})

const problem = z.object({
  error: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

/** Answers that say what is wrong, by their status. */
export const errors = (statuses: Record<number, string>) =>
  Object.fromEntries(
    Object.entries(statuses).map(([status, description]) => [
      status,
      { description, content: json(problem, "output") },
    ]),
  )

/** What else may be answered by a route about one person. */
export const aboutPerson = {
  400: "A key names nobody, or something else is not what is asked for",
  403: "Not for this key, or about somebody else",
  404: "No such user",
  503: "PostgreSQL does not answer",
}

/** What any route that is not open may say. */
const REFUSALS = errors({
  401: "No valid API key, and no session",
  403: "Not for this key, or whoever has logged in",
  429: "Too many requests: `Retry-After` tells when to ask again",
})

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
