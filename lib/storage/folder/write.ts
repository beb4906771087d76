import { open } from "node:fs/promises"
import type { Batches } from "../batches.ts"

/** Write a file that is not there yet, and see it to the disk; resolves with its bytes. */
export async function writeFile(path: string, batches: Batches): Promise<number> {
  const handle = await open(path, "wx", 0o600)
  try {
    let size = 0
    for await (const batch of batches) {
      for (let from = 0; from < batch.length; ) from += (await handle.write(batch, from)).bytesWritten
      size += batch.length
      batches.reuse(batch)
    }
    await handle.sync()
    return size
  } finally {
    await handle.close()
  }
}
