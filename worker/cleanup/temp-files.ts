import { backupStorage, exportStorage, storage } from "../../lib/storage/storage.ts"
import type { Run } from "../run.ts"
import type { Item, Wanted } from "./item.ts"

/** Remove what killed processes have begun to store and never ended. */
export async function cleanUnfinished({ before, dryRun }: Wanted, { signal }: Run): Promise<Item[]> {
  let deleted = 0
  for (const store of new Set([storage(), exportStorage(), backupStorage()]))
    deleted += await store.removeUnfinished(before, { dryRun, signal })
  return [{ what: "unfinished files", deleted, kept: [] }]
}
