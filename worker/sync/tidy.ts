import { listDroppedFeeds, noteDeleted } from "../../db/listing-feeds.ts"
import { storage } from "../../lib/storage/storage.ts"

/** Delete the feeds of integrations that were removed: nobody is handed them any more. Returns how many there were. */
export async function tidyFeeds(signal: AbortSignal): Promise<number> {
  const dropped = await listDroppedFeeds()
  for (const key of dropped) {
    signal.throwIfAborted()
    // The file first: what is noted as gone is gone.
    await storage().delete(key, { signal })
    await noteDeleted(key)
  }
  return dropped.length
}
