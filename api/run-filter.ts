import { z } from "zod"
import { problemsOf } from "../lib/enqueue.ts"
import { PayloadError } from "../lib/errors.ts"
import { type RunFilter, runFilter } from "../lib/run-filter.ts"

const { error, data, ...fields } = runFilter.shape

/** The words of a filter, as they stand in a query and in a body. */
export const filterWords = z.object({
  ...fields,
  "error~": error,
  "data.<path>": z.string().optional().meta(data.meta()!),
})

/** A filter from its words. Throws a PayloadError that names those that are wrong. */
export function readFilter(words: Record<string, unknown>, root = ""): RunFilter {
  const said: [name: string, value: unknown][] = []
  const data: typeof said = []
  for (const [word, value] of Object.entries(words)) {
    if (word === "error~") said.push(["error", value])
    // A name that records leave out: the rest of the filter would mean more than was said.
    else if (word === "data.__proto__") said.push([word, value])
    else if (word.startsWith("data.")) data.push([word.slice("data.".length), value])
    else said.push([word === "error" || word === "data" ? `${word}?` : word, value])
  }
  const filter = runFilter.safeParse({
    ...Object.fromEntries(said),
    ...(data.length > 0 && { data: Object.fromEntries(data) }),
  })
  if (filter.success) return filter.data
  throw new PayloadError(
    "Bad request",
    problemsOf(filter.error, root).map(({ path, message }) => ({
      path: path.replace(/(^|\.)error$/, "$1error~"),
      message,
    })),
  )
}

/** The words of a filter. */
export const wordsOf = ({ error, data = {}, ...said }: RunFilter): Record<string, unknown> => ({
  ...said,
  ...(error === undefined ? {} : { "error~": error }),
  ...Object.fromEntries(Object.entries(data).map(([path, text]) => [`data.${path}`, text])),
})
