import { withBackupLock } from "../../db/backup-lock.ts"
import { findBackup, noteVerified } from "../../db/backups.ts"
import { DamagedBackup } from "../../lib/backups/store.ts"
import { PermanentError } from "../../lib/errors.ts"
import { backup } from "../../lib/jobs/backup.ts"
import { drill } from "../backup/restore-drill.ts"
import { backupStorage } from "../backup/storage.ts"
import { takeBackup } from "../backup/take.ts"
import { tidyBackups } from "../backup/tidy.ts"
import { verifyBackup } from "../backup/verify.ts"
import type { Run } from "../run.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(backup, (payload, begun) =>
  withBackupLock(begun.signal, async (signal) => {
    const run = { ...begun, signal }
    if (payload.type === "verify") return await verify(payload.backupId, run)
    if (payload.type === "drill") return await restoreIntoScratch(payload.backupId, run)
    if (payload.type === "tidy")
      return { type: "tidy" as const, removed: await tidyBackups(run.id, backupStorage(), run) }
    return await takeBackup(payload, run)
  }),
)

async function verify(backupId: string, { signal }: Run) {
  if (!(await findBackup(backupId))) throw new PermanentError(`There is no backup ${backupId}`)
  const began = performance.now()
  try {
    const { parts, bytes } = await verifyBackup(backupId, { storage: backupStorage(), signal })
    await noteVerified(backupId, null)
    const seconds = secondsSince(began)
    return { type: "verify" as const, backupId, parts: parts.length, bytes, seconds }
  } catch (error) {
    if (!(error instanceof DamagedBackup)) throw error
    await noteVerified(backupId, error.message)
    throw new PermanentError(error.message)
  }
}

async function restoreIntoScratch(wanted: string | undefined, run: Run) {
  const { id, backups, tables, rows, seconds } = await drill(wanted, run)
  return { type: "drill" as const, backupId: id, backups, tables, rows, seconds }
}

const secondsSince = (began: number) => Math.round((performance.now() - began) / 100) / 10
