import type { Storage } from "../../lib/storage/types.ts"

/**
 * Store a document as it is made; resolves with its bytes. A storage that is told to stop waits for nothing, and what is being
 * read from, a transaction mostly, may not be let go in the middle: this ends when the making has.
 */
export async function storeMade(
  storage: Pick<Storage, "put">,
  key: string,
  { made, signal }: { made: AsyncGenerator<Uint8Array>; signal: AbortSignal },
): Promise<number> {
  try {
    return await storage.put(key, made, { signal })
  } finally {
    await made.return(undefined)
  }
}
