import { type Backup, findBackup, presentBackups } from "../../db/backups.ts"
import {
  DamagedBackup,
  folderOf,
  hasManifest,
  isPartOf,
  manifestKey,
  readManifest,
  storedFolders,
} from "../../lib/backups/store.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import type { StoredFile } from "../../lib/storage/types.ts"
import { isSettled, noteFile, noteRow } from "./found.ts"
import type { Orphans, Wanted } from "./item.ts"

/**
 * Find what is stored below the folder of backups and belongs to none, and what is missing of those that are known. Parts without their
 * manifest, which are no backup, are deleted once they are old; nothing else is: what has its manifest can be restored, whoever knows of it.
 */
export async function findBackupOrphans(wanted: Wanted, found: Orphans, signal: AbortSignal) {
  const storage = backupStorage()
  const there = new Set<string>()
  for await (const folder of storedFolders(storage, signal)) {
    signal.throwIfAborted()
    const { id, files } = folder
    const exists = hasManifest(folder)
    if (exists) there.add(id)
    const row = await findBackup(id)
    if (row && (row.status === "running" || isToBeRemoved(row))) continue
    if (!isPresent(row)) await noteUnknown(id, files, { ...wanted, exists }, found, signal)
    else if (exists) await compare(id, files, found, signal)
  }
  for (const { id } of await presentBackups())
    if (
      !there.has(id) &&
      !(await storage.head(manifestKey(id), { signal })) &&
      isPresent(await findBackup(id))
    )
      noteRow(manifestKey(id), found)
}

const isPresent = (row: Backup | undefined) => row?.status === "completed" || row?.status === "damaged"

/** The next backup does so. */
const isToBeRemoved = (row: Backup) => !isPresent(row) && row.removedAt === null

/** All or none of it: what has no part but those of a backup that was never finished is deleted once the last of them is old. */
async function noteUnknown(
  id: string,
  files: StoredFile[],
  { before, dryRun, exists }: Wanted & { exists: boolean },
  found: Orphans,
  signal: AbortSignal,
) {
  const settled = files.filter(isSettled)
  for (const file of settled) noteFile(file, found)
  const isLeft =
    !exists &&
    settled.length === files.length &&
    files.every((file) => isPartOf(id, file) && file.modifiedAt < before)
  if (!isLeft || (await findBackup(id))?.status === "running") return
  for (const { key } of files) {
    if (!dryRun) await backupStorage().delete(key, { signal })
    found.filesWithoutRows.deleted += 1
  }
}

/** What a known backup has too much, and what it lacks. */
async function compare(id: string, files: StoredFile[], found: Orphans, signal: AbortSignal) {
  const manifest = await readManifest(id, backupStorage(), signal).catch(unlessDamaged)
  if (!manifest) return
  const parts = manifest.parts.map(({ key }) => folderOf(id) + key)
  const named = new Set([manifestKey(id), ...parts])
  for (const file of files) if (!named.has(file.key) && isSettled(file)) noteFile(file, found)
  const stored = new Set(files.map(({ key }) => key))
  const missing = parts.filter((key) => !stored.has(key))
  // It may have been deleted meanwhile.
  if (missing.length && isPresent(await findBackup(id))) for (const key of missing) noteRow(key, found)
}

/** That of a damaged one is told by its verification. */
function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedBackup)) throw error
}
