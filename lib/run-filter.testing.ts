import fc from "fast-check"
import type { RunFilter } from "./run-filter.ts"
import type { RunStatus } from "./runs.ts"

/** Values that payloads hold and filters ask for, made so that they meet, and so that what only looks the same does too. */
const leaf = fc.oneof(
  fc.constantFrom(
    "7",
    "true",
    "null",
    "Ana",
    "ana",
    "",
    "1.5",
    "-0",
    "%",
    "\\",
    "a'b",
    "ção",
    7,
    0,
    -1.5,
    1e21,
    1e-7,
    true,
    false,
    null,
  ),
)

/** Payloads of runs. */
export const payloads = fc.record(
  {
    n: leaf,
    list: fc.array(leaf, { maxLength: 3 }),
    inner: fc.record(
      { n: leaf, "0": leaf, list: fc.array(fc.record({ n: leaf }), { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

/** Errors of runs. */
export const errors = fc.constantFrom(
  "no luck",
  "No Luck at all",
  "100% of_it",
  "não há",
  "NÃO HÁ",
  "\\",
  "Cancelled by ana",
)

export const names = fc.constantFrom("one", "two", "One")

/** Moments close to each other, in milliseconds since 1970. */
export const moments = fc.integer({ min: 0, max: 12 }).map((n) => Date.UTC(2026, 1, 10) + n * 500)

const paths = fc.constantFrom(
  "n",
  "list",
  "list.0",
  "list.1",
  "list.x",
  "inner.n",
  "inner.0",
  "inner.list.0.n",
  "none",
  "n.n",
)

/** Filters, of every word alone and together. */
export const filters = (queues: string[], statuses: RunStatus["status"][]): fc.Arbitrary<RunFilter> =>
  fc
    .record({
      queue: fc.constantFrom(...queues),
      status: fc.constantFrom(...statuses),
      name: names,
      from: moments.map((at) => new Date(at)),
      to: moments.map((at) => new Date(at)),
      error: fc.constantFrom("luck", "LUCK", "%", "_", "\\", "ão", "ÃO", "o", "none of them"),
      data: fc.dictionary(paths, leaf.map(String), { minKeys: 1, maxKeys: 2 }),
    })
    // Most filters say little: those that say much mean next to nothing.
    .chain((all) =>
      fc
        .subarray(Object.keys(all))
        .map((words) => Object.fromEntries(Object.entries(all).filter(([word]) => words.includes(word)))),
    )

/** Whether a filter means a run, told as simply as it can be. `at` is the time that the filter's are held against. */
export function isMeant(run: RunStatus, at: number, filter: RunFilter): boolean {
  if (filter.queue !== undefined && run.queue !== filter.queue) return false
  if (filter.status !== undefined && run.status !== filter.status) return false
  if (filter.name !== undefined && run.name !== filter.name) return false
  if (filter.from && at < filter.from.getTime()) return false
  if (filter.to && at >= filter.to.getTime()) return false
  if (filter.error !== undefined && !ascii(run.failedReason ?? "").includes(ascii(filter.error))) return false
  for (const [path, text] of Object.entries(filter.data ?? {})) {
    let value: unknown = run.data
    for (const part of path.split(".")) {
      const isThere =
        typeof value === "object" && value !== null && (Array.isArray(value) ? /^\d+$/.test(part) : true)
      value = isThere ? (value as Record<string, unknown>)[part] : undefined
    }
    if (
      value === undefined || typeof value === "object"
        ? value !== null || text !== "null"
        : !isSame(value, text)
    )
      return false
  }
  return true
}

const isSame = (value: unknown, text: string) =>
  value === text ||
  (typeof value === "number" ? text !== "" && Number(text) === value : String(value) === text)

const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
