import type { cleanup } from "../../lib/jobs/cleanup.ts"
import type { JobResult } from "../../lib/jobs/index.ts"

type Result = JobResult<typeof cleanup>

/** What a cleanup has done of one kind of thing: how many it has deleted, or would have, and what it has kept and why. */
export type Item = Result["items"][number]

export type Orphans = NonNullable<Result["orphans"]>

/** What is asked for: all from before this moment, or only to count it. */
export interface Wanted {
  before: Date
  dryRun: boolean
  orphans: "report" | "delete"
}

/** Reasons with how many there are; those of none are left out. */
export const reasons = (...counts: Item["kept"]): Item["kept"] => counts.filter(({ count }) => count > 0)
