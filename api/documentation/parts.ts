import { z } from "zod"

/** A zod schema as the reference shows it: what goes in, or what comes out. */
export const schemaOf = (schema: z.ZodType, io: "input" | "output") =>
  z.toJSONSchema(schema, { io, unrepresentable: "any" }) as never

/** A body of JSON. */
export const json = (schema: z.ZodType, io: "input" | "output", example?: unknown) => ({
  "application/json": { schema: schemaOf(schema, io), ...(example === undefined ? {} : { example }) },
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
  401: "No valid API key and no session",
  403: "Not for this key, or about somebody else",
  404: "No such user",
  503: "PostgreSQL does not answer",
}

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
    schema: schemaOf(schema as z.ZodType, "input"),
  }))
