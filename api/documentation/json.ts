import { z } from "zod"
import { exampleOf } from "./example.ts"

/** A zod schema as the reference shows it: what goes in, or what comes out. */
export const schemaOf = (schema: z.ZodType, io: "input" | "output") =>
  z.toJSONSchema(schema, { io, unrepresentable: "any" }) as never

type Schema = z.ZodType | (() => z.ZodType)

/** JSON as the reference shows it. It is written when the reference is asked for, as of few processes it ever is. */
export const shown = (schema: Schema, io: "input" | "output", example: (written: object) => unknown) => {
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
