import type { Manifest } from "../../lib/backups/manifest.ts"
import { DamagedBackup, readManifest } from "../../lib/backups/store.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { Storage } from "../../lib/storage/types.ts"

/** A backup and those it goes on from, the full one first. Throws PermanentError when there is no such backup, and DamagedBackup. */
export async function readChain(id: string, storage: Storage, signal?: AbortSignal): Promise<Manifest[]> {
  const last = await readManifest(id, storage, signal)
  if (!last) throw new PermanentError(`There is no backup ${id} in the storage`)
  const chain = [last]
  for (let previous = last.chain.previous; previous !== null; ) {
    const manifest = await readManifest(previous, storage, signal)
    if (!manifest) throw new DamagedBackup(`The backup ${id} goes on from ${previous}, which is gone`)
    if (chain.some(({ id }) => id === manifest.id))
      throw new DamagedBackup(`The backup ${id} goes on from itself`)
    chain.unshift(manifest)
    previous = manifest.chain.previous
  }
  return chain
}
