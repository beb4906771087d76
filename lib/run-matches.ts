import { type RunFilter, valuesOf } from "./run-filter.ts"
import type { RunStatus } from "./runs.ts"

/** Whether a run that has not ended is one that a filter means; its queue and its status are the caller's to look at. */
export const matches = (run: RunStatus, { name, from, to, error, data = {} }: RunFilter): boolean =>
  (name === undefined || run.name === name) &&
  (from === undefined || run.createdAt >= from.getTime()) &&
  (to === undefined || run.createdAt < to.getTime()) &&
  (error === undefined || lower(run.failedReason ?? "").includes(lower(error))) &&
  Object.entries(data).every(([path, text]) => valuesOf(text).includes(fieldAt(run.data, path) as never))

/** As PostgreSQL lowers letters whatever the language of the database. */
const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function fieldAt(value: unknown, path: string): unknown {
  let found = value
  for (const part of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined
    if (Array.isArray(found) ? !/^\d+$/.test(part) : !Object.hasOwn(found, part)) return undefined
    found = (found as Record<string, unknown>)[part]
  }
  return found
}
