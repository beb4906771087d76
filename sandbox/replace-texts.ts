import type { z } from "zod"

/**
 * What a schema takes, with every text in it replaced by the first of its candidates that the schema takes there;
 * a text none of whose candidates it takes stays.
 */
export function replaceTexts<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
  candidates: (text: string) => string[],
): z.output<Schema> {
  const root = { value: structuredClone(value) }
  const visit = (holder: Record<string, unknown>) => {
    for (const [key, held] of Object.entries(holder)) {
      if (typeof held === "object" && held !== null) visit(held as Record<string, unknown>)
      if (typeof held === "string")
        holder[key] =
          candidates(held).find((candidate) => {
            holder[key] = candidate
            return schema.safeParse(root.value).success
          }) ?? held
    }
  }
  visit(root)
  return root.value
}
