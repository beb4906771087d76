import { closeSync, openSync, writeSync } from "node:fs"
import { backendOf } from "../../db/cancellable.ts"
import { copyOut } from "../../db/copy.ts"
import { pool } from "../../db/pool.ts"

// What psql's \copy does, where there is no psql: COPY to a plain file, over the same protocol.
process.on("message", async ({ query, file }: { query: string; file: string }) => {
  const began = performance.now()
  const to = openSync(file, "w")
  await pool().begin(async (tx) => {
    const pid = await backendOf(tx)
    for await (const piece of copyOut(tx.unsafe(`copy (${query}) to stdout (format csv, header)`), { pid }))
      writeSync(to, piece)
  })
  closeSync(to)
  process.send!({ took: performance.now() - began, bytes: 0, peak: 0, delay: 0 })
})
process.send!({ up: true })
