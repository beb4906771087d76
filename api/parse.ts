import type { z } from "zod"
import { problemsOf } from "../lib/enqueue.ts"
import { PayloadError } from "../lib/errors.ts"

/** What was sent, as its schema has it. Throws a PayloadError that names each problem. */
export function parse<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent)
  if (parsed.success) return parsed.data
  throw new PayloadError("Bad request", problemsOf(parsed.error))
}
