import type { CleanupTarget, cleanup } from "../../lib/jobs/cleanup.ts"
import type { JobPayload, JobResult } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"
import { cleanTables } from "./aged.ts"
import { cleanCache } from "./cache.ts"
import { cleanExportFiles } from "./exports.ts"
import type { Item, Wanted } from "./item.ts"
import { findOrphans } from "./orphans.ts"
import { cleanSessions } from "./sessions.ts"
import { cleanUnfinished } from "./temp-files.ts"

const DAY = 86_400_000

/** What is done for each target, besides the tables that are old in it. */
const STEPS: Partial<Record<CleanupTarget, (wanted: Wanted, run: Run) => Promise<Item[]>>> = {
  sessions: cleanSessions,
  cache: cleanCache,
  "temp-files": cleanUnfinished,
  "old-exports": cleanExportFiles,
}

/** Delete what is old of a target, a little at a time, and tell what was deleted and what was kept, and why. What is done stays done when it is stopped. */
export async function cleanUp(
  { target, olderThan, dryRun, orphans }: JobPayload<typeof cleanup>,
  run: Run,
): Promise<JobResult<typeof cleanup>> {
  const began = performance.now()
  const before = typeof olderThan === "number" ? new Date(Date.now() - olderThan * DAY) : new Date(olderThan)
  const wanted = { before, dryRun, orphans }
  const items = [...((await STEPS[target]?.(wanted, run)) ?? []), ...(await cleanTables(target, wanted, run))]
  const found = target === "temp-files" ? await findOrphans(wanted, run.signal) : undefined
  const deleted = sum(items.map(({ deleted }) => deleted)) + (found?.filesWithoutRows.deleted ?? 0)
  const kept = sum(items.flatMap(({ kept }) => kept.map(({ count }) => count)))
  const message = `${dryRun ? "Would delete" : "Deleted"} ${deleted}, kept ${kept}`
  run.log(message, { target, before: before.toISOString() })
  run.progress({ percentage: 100, stage: "done", message })
  return {
    target,
    dryRun,
    before: before.toISOString(),
    deleted,
    kept,
    items,
    ...(found && { orphans: found }),
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
}

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
