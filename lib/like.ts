import type { z } from "zod"

/** A schema with an example of what it gives out: the API reference shows it, and makes those of what holds it from it. */
export const like = <Schema extends z.ZodType>(schema: Schema, example: z.output<Schema>): Schema =>
  schema.meta({ examples: [example] })
