import { logAccess } from "../../db/access-logs.ts"
import { expiredExports, markExpired } from "../../db/exports/expiry.ts"
import { pool } from "../../db/pool.ts"
import { exportStorage } from "../../lib/storage/storage.ts"

const BATCH = 100

/** Delete the files of exports that have expired, and note it. Returns how many. */
export async function expireExports(signal: AbortSignal): Promise<number> {
  let expired = 0
  for (;;) {
    const batch = await expiredExports(BATCH)
    for (const { id, fileKey } of batch) {
      signal.throwIfAborted()
      // The file first: what is noted as gone is gone.
      await exportStorage().delete(fileKey!, { signal })
      await pool().begin(async (tx) => {
        if (!(await markExpired(id, tx))) return
        await logAccess({ exportId: id, action: "export.expired" }, tx)
        expired++
      })
    }
    if (batch.length < BATCH) return expired
  }
}
