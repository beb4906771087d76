import { z } from "zod"
import { like } from "../like.ts"
import { defineJob } from "./define.ts"

/** What can be cleaned up. */
const cleanupTargets = ["sessions", "logs", "temp-files", "old-exports", "cache", "old-data"] as const

export type CleanupTarget = (typeof cleanupTargets)[number]

const DAY = 86_400_000

/** Days when nobody says how many. */
const USUAL_DAYS = 30

const target = z.enum(cleanupTargets, { error: `one of ${cleanupTargets.join(", ")}` })
const days = z.int().min(1).max(3_650)
const age = z.union(
  [days, z.iso.datetime({ offset: true }).refine((moment) => Date.parse(moment) <= Date.now() - DAY)],
  { error: "whole days, 1 at least, or a moment of a day ago or earlier (2026-03-01T00:00:00-03:00)" },
)

const common = {
  dryRun: z.boolean().default(false).describe("count what would be deleted, and delete nothing"),
  orphans: z
    .enum(["report", "delete"])
    .default("report")
    .describe(
      "`temp-files`: what becomes of stored files that no row knows of and that are old enough; those of backups stay",
    ),
}

const number = z.int().nonnegative()
const kept = z.object({ count: number, why: z.string() })
const keys = z.array(z.string()).describe("the first of them")

export const cleanup = defineJob({
  name: "cleanup",
  summary:
    "Delete old sessions, logs, temporary files, exports, cached or outdated data, and say what is kept",
  payload: z.strictObject({ ...common, target, olderThan: age }),
  accepts: {
    input: z
      .strictObject({
        ...common,
        target: target.optional(),
        cleanupType: target.optional().describe("another name of `target`"),
        olderThan: age
          .optional()
          .describe(`days, or a moment: what is older is deleted; ${USUAL_DAYS} days when not set`),
        maxAge: days.optional().describe("another name of `olderThan`"),
      })
      .refine(({ target, cleanupType }) => (target ?? cleanupType) !== undefined, {
        path: ["target"],
        error: `one of ${cleanupTargets.join(", ")}`,
      })
      .refine(({ target, cleanupType }) => !target || !cleanupType || target === cleanupType, {
        path: ["cleanupType"],
        error: "the same as target, or nothing",
      })
      .refine(({ olderThan, maxAge }) => !olderThan || !maxAge || olderThan === maxAge, {
        path: ["maxAge"],
        error: "the same as olderThan, or nothing",
      }),
    normalise: ({ target, cleanupType, olderThan, maxAge, ...rest }) => ({
      payload: { ...rest, target: (target ?? cleanupType)!, olderThan: olderThan ?? maxAge ?? USUAL_DAYS },
    }),
  },
  result: like(
    z.object({
      target,
      dryRun: z.boolean(),
      before: z.iso.datetime().describe("what is older than this was looked at"),
      deleted: number.describe("in a dry run what would be, here and below"),
      kept: number.describe("of what was old enough"),
      items: z.array(z.object({ what: z.string(), deleted: number, kept: z.array(kept) })),
      orphans: z
        .object({
          filesWithoutRows: z.object({ count: number, bytes: number, deleted: number, keys }),
          rowsWithoutFiles: z.object({ count: number, keys }),
        })
        .optional()
        .describe("`temp-files`: stored files that no row knows of, and rows whose files are not there"),
      seconds: z.number().nonnegative(),
    }),
    {
      target: "logs",
      dryRun: true,
      before: "2026-01-11T12:00:00.000Z",
      deleted: 1_904,
      kept: 0,
      items: [{ what: "run_events", deleted: 1_904, kept: [] }],
      seconds: 0.3,
    },
  ),
  example: { target: "logs", olderThan: 30, dryRun: true, orphans: "report" },
  concurrency: 2,
  timeout: 2 * 3_600_000,
  schedules: [
    { name: "cleanup-sessions", cron: "0 * * * *", payload: () => older("sessions", 7) },
    { name: "cleanup-logs", cron: "0 */6 * * *", payload: () => older("logs", 30) },
    { name: "cleanup-temp-files", cron: "0 3 * * 0", payload: () => older("temp-files", 7) },
    { name: "cleanup-old-exports", cron: "37 4 * * *", payload: () => older("old-exports", 90) },
  ],
})

const older = (target: CleanupTarget, olderThan: number) => ({ target, olderThan })
