import { z } from "zod"
import { backupId } from "../backups/id.ts"
import { like } from "../like.ts"
import { defineJob } from "./define.ts"

const kind = z.enum(["full", "incremental"])
const number = z.int().nonnegative()

const wanted = {
  tables: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(1_000)
    .optional()
    .describe("these tables alone: `products`, or `schema.products` outside of public"),
  compress: z.boolean().optional().describe("by zstd; true when not set"),
  encrypt: z.boolean().optional().describe("when not set, if BACKUP_RECIPIENTS names anybody"),
  includeFiles: z
    .boolean()
    .optional()
    .describe("the stored files that rows name as well; false when not set"),
  retention: z
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .describe("days for which it is kept, whatever the rules say; 30 when not set"),
  description: z.string().trim().min(1).max(500).optional(),
}

const taken = like(
  z.object({
    type: kind.describe("what it became: an incremental one with nothing to go on from is a full one"),
    backupId,
    previousId: backupId.nullable(),
    reason: z.string().optional().describe("why it is a full one though an incremental one was asked for"),
    tables: number,
    rows: number,
    files: number,
    bytes: number.describe("as stored"),
    rawBytes: number.describe("before compression"),
    compressed: z.boolean(),
    encrypted: z.boolean(),
    seconds: z.number().nonnegative(),
  }),
  {
    type: "full",
    backupId: "019c476c-3600-7c3a-9b1e-6f2d80a4c517",
    previousId: null,
    tables: 58,
    rows: 412_907,
    files: 0,
    bytes: 18_204_551,
    rawBytes: 96_318_204,
    compressed: true,
    encrypted: true,
    seconds: 41.7,
  },
)

export const backup = defineJob({
  name: "backup",
  summary:
    "Back up the database, check a backup, or restore one into a scratch database to see that it can be",
  payload: z.discriminatedUnion("type", [
    z.strictObject({
      type: kind,
      ...wanted,
      compress: wanted.compress.default(true),
      includeFiles: wanted.includeFiles.default(false),
      retention: wanted.retention.default(30),
    }),
    z.strictObject({ type: z.literal("verify"), backupId }),
    z.strictObject({ type: z.literal("drill"), backupId: backupId.optional() }),
    z.strictObject({ type: z.literal("tidy") }),
  ]),
  accepts: {
    input: z
      .strictObject({
        type: z
          .enum([...kind.options, "verify", "drill", "tidy"])
          .optional()
          .describe(
            "full or incremental; verify, to read a backup back; drill, to restore one for a trial; tidy, to remove the files of deleted ones",
          ),
        backupType: kind.optional().describe("another name of `type`"),
        ...wanted,
        backupId: backupId.optional().describe("the backup to check (`verify`) or to restore (`drill`)"),
      })
      .refine(({ type, backupType }) => !type || !backupType || type === backupType, {
        path: ["backupType"],
        error: "the same as type, or nothing",
      }),
    normalise: ({ type, backupType, ...rest }) => ({
      payload: { ...rest, type: type ?? backupType ?? "full" } as never,
    }),
  },
  result: z.discriminatedUnion("type", [
    taken,
    z.object({
      type: z.literal("verify"),
      backupId,
      parts: number,
      bytes: number,
      seconds: z.number().nonnegative(),
    }),
    z.object({
      type: z.literal("drill"),
      backupId,
      backups: number.describe("how many were restored, one upon the other"),
      tables: number,
      rows: number,
      seconds: z.number().nonnegative().describe("the restore alone, without the comparison"),
    }),
    z.object({ type: z.literal("tidy"), removed: number }),
  ]),
  example: { type: "full", compress: true },
  concurrency: 1,
  globalConcurrency: 1,
  timeout: 6 * 3_600_000,
  schedules: [
    { name: "database-backup", cron: "0 2 * * *", payload: () => ({ type: "full" as const }) },
    { name: "restore-drill", cron: "41 4 * * 0", payload: () => ({ type: "drill" as const }) },
  ],
})
