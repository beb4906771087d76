import { z } from "zod"
import type { Backup } from "../db/backups.ts"
import { backupId } from "../lib/backups/id.ts"

const number = z.int().nonnegative().nullable()
const time = z.iso.datetime().nullable()

/** A backup as its routes tell it. */
export const toldBackup = z.object({
  id: backupId.describe("also that of its run"),
  type: z.enum(["full", "incremental"]),
  status: z.enum(["running", "completed", "failed", "cancelled", "damaged"]),
  previousId: backupId.nullable().describe("the backup that it goes on from, and is restored upon"),
  baseId: backupId.nullable().describe("the full one at the beginning of its chain; null for that itself"),
  description: z.string().nullable(),
  tables: z.array(z.string()).nullable().describe("null for all"),
  compressed: z.boolean(),
  encrypted: z.boolean().describe("whether it takes a key to read it"),
  rows: number.describe("in it: of an incremental one, those that were new or changed"),
  bytes: number.describe("as stored"),
  rawBytes: number.describe("before compression"),
  parts: number,
  files: number,
  retentionDays: z.int().positive(),
  startedAt: z.iso.datetime(),
  finishedAt: time,
  verifiedAt: time.describe("when it was last read back and found whole"),
  restoredAt: time.describe("when it was last restored into a scratch database, and found the same"),
  restoreSeconds: z.number().nullable().describe("how long that took"),
  error: z.string().nullable(),
})

export const tellBackup = ({ kind, status, ...backup }: Backup): z.output<typeof toldBackup> => ({
  id: backup.id,
  type: kind,
  status: status as Exclude<Backup["status"], "deleted">,
  previousId: backup.previousId,
  baseId: backup.baseId,
  description: backup.description,
  tables: backup.tables,
  compressed: backup.compressed,
  encrypted: backup.encrypted,
  rows: backup.rows,
  bytes: backup.bytes,
  rawBytes: backup.rawBytes,
  parts: backup.parts,
  files: backup.files,
  retentionDays: backup.retentionDays,
  startedAt: backup.startedAt.toISOString(),
  finishedAt: backup.finishedAt?.toISOString() ?? null,
  verifiedAt: backup.verifiedAt?.toISOString() ?? null,
  restoredAt: backup.restoredAt?.toISOString() ?? null,
  restoreSeconds: backup.restoreSeconds,
  error: backup.error,
})

/** The files of a backup, each with a link to it. */
export const backupDownload = z.object({
  id: backupId,
  expiresAt: z.iso.datetime(),
  files: z.array(
    z.object({
      key: z.string(),
      bytes: z.int().nullable(),
      sha256: z.string().nullable().describe("null for the manifest, which has its own in it"),
      url: z.url(),
    }),
  ),
})
