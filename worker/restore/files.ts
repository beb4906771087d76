import type { Manifest } from "../../lib/backups/manifest.ts"
import type { Storage } from "../../lib/storage/types.ts"
import { backupStorage } from "../backup/storage.ts"
import { filesIn } from "../backup/tar.ts"
import { unpack } from "../backup/unpack.ts"

/** Put the files of a chain back to where they were, the later ones over the earlier. Returns how many. Throws DamagedBackup. */
export async function restoreFiles(
  chain: readonly Manifest[],
  to: Storage,
  signal: AbortSignal,
): Promise<number> {
  let count = 0
  for (const { id, parts } of chain)
    for (const part of parts.filter(({ kind }) => kind === "files"))
      for await (const { name, content } of filesIn(unpack(part, { id, storage: backupStorage(), signal }))) {
        await to.put(name, content, { signal })
        count += 1
      }
  return count
}
