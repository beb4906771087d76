import type { Manifest } from "../../lib/backups/manifest.ts"
import { DamagedBackup, readManifest } from "../../lib/backups/store.ts"
import type { Storage } from "../../lib/storage/types.ts"
import { stored } from "./unpack.ts"

interface Options {
  storage: Storage
  signal: AbortSignal
  /** Tells of bytes read. */
  onRead?(bytes: number): void
}

/** Read a backup back, all of it, without opening it. Returns its manifest; throws DamagedBackup, also when there is none. */
export async function verifyBackup(id: string, { storage, signal, onRead }: Options): Promise<Manifest> {
  const manifest = await readManifest(id, storage, signal)
  if (!manifest) throw new DamagedBackup(`There is no manifest of the backup ${id}: it does not exist`)
  for (const part of manifest.parts)
    for await (const { length } of stored(part, { id, storage, signal })) onRead?.(length)
  return manifest
}
