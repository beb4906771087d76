import {
  completeBackup,
  deleteBackup,
  failAbandoned,
  findBackup,
  noteRemoved,
  presentBackups,
  unremovedBackups,
} from "../../db/backups.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { readManifest, removeBackup, storedBackups } from "../../lib/backups/store.ts"
import type { Storage } from "../../lib/storage/types.ts"
import type { Run } from "../run.ts"
import { backupEnv } from "./env.ts"
import { toDelete } from "./keep.ts"

/** What is known of a backup, by its manifest. */
export const takenBy = (manifest: Manifest) => ({
  id: manifest.id,
  kind: manifest.kind,
  previousId: manifest.chain.previous,
  baseId: manifest.chain.base === manifest.id ? null : manifest.chain.base,
  description: manifest.description,
  tables: manifest.scope,
  retentionDays: manifest.retention,
  compressed: manifest.compression !== null,
  encrypted: manifest.encryption !== null,
  startedAt: new Date(manifest.startedAt),
  finishedAt: new Date(manifest.finishedAt),
  rows: manifest.rows,
  bytes: manifest.bytes,
  rawBytes: manifest.rawBytes,
  parts: manifest.parts.length,
  files: manifest.files?.count ?? 0,
})

/**
 * Have the register and the storage agree: what is not to be there is removed, and what is there is known, as it is not in a
 * database that was restored. `except` is the backup under way. Returns how many are removed.
 */
export async function tidyBackups(
  except: string,
  storage: Storage,
  run: Pick<Run, "signal" | "log">,
): Promise<number> {
  const stored = await storedBackups(storage, run.signal)
  await failAbandoned([except, ...stored])
  const unwanted = (await unremovedBackups()).filter((id) => id !== except)
  for (const id of unwanted) {
    await removeBackup(id, storage, run.signal)
    await noteRemoved(id)
  }
  const unknown: Manifest[] = []
  for (const id of stored) {
    if (id === except) continue
    const known = await findBackup(id)
    if (known && known.status !== "running") continue
    const manifest = await readManifest(id, storage, run.signal).catch((error: Error) =>
      run.log(`A backup that is not known is passed over: ${error.message}`),
    )
    if (manifest) unknown.push(manifest)
  }
  // One is there only with what it goes on from.
  for (const manifest of unknown.sort((one, other) => one.chain.length - other.chain.length)) {
    const { previous } = manifest.chain
    if (previous !== null && !(await findBackup(previous))) {
      run.log(`The backup ${manifest.id} is passed over: what it goes on from, ${previous}, is gone`)
      continue
    }
    await completeBackup(takenBy(manifest), false)
    run.log(`The backup ${manifest.id} was not known, and is again`)
  }
  return unwanted.length
}

/** Delete the backups that need not be kept any longer. */
export async function deleteOld(storage: Storage, run: Pick<Run, "signal" | "log">, now = new Date()) {
  const { BACKUP_KEEP_DAYS: days, BACKUP_KEEP_WEEKS: weeks, BACKUP_KEEP_MONTHS: months } = backupEnv()
  for (const id of toDelete(await presentBackups(), now, { days, weeks, months })) {
    if (await deleteBackup(id)) continue
    await removeBackup(id, storage, run.signal)
    await noteRemoved(id)
    run.log(`The backup ${id} need not be kept any longer, and is deleted`)
  }
}
