import { closePool } from "../db/pool.ts"
import { readManifest } from "../lib/backups/store.ts"
import { backupStorage } from "../worker/backup/storage.ts"
import { verifyBackup } from "../worker/backup/verify.ts"
import backup from "../worker/processors/backup.ts"
import { restoreBackup } from "../worker/restore/restore.ts"
import { loneRun } from "./lone-run.ts"

/** What a backup or a restore took: seconds, and the most memory the process had, in MB. */
export interface Took {
  id: string
  seconds: number
  /** Of a backup, to read it back; of a restore, to compare it. */
  afterSeconds: number
  memory: number
  bytes: number
}

const run = loneRun()
const [what, id = "", into = ""] = process.argv.slice(2)

const memory = () => Math.round(process.resourceUsage().maxRSS / 1_024)
const { signal } = run

if (what === "backup") {
  const taken = await backup({ type: "full", compress: true, includeFiles: false, retention: 30 }, run)
  if (taken.type !== "full") throw new Error(`The backup has become ${taken.type}`)
  const { seconds } = (await readManifest(taken.backupId, backupStorage()))!
  const peak = memory()
  const began = performance.now()
  await verifyBackup(taken.backupId, { storage: backupStorage(), signal })
  const afterSeconds = (performance.now() - began) / 1_000
  process.send!({
    id: taken.backupId,
    seconds,
    afterSeconds,
    memory: peak,
    bytes: taken.bytes,
  } satisfies Took)
} else {
  const { seconds, compareSeconds } = await restoreBackup(id, {
    storage: backupStorage(),
    into,
    replace: true,
    signal,
  })
  process.send!({ id, seconds, afterSeconds: compareSeconds, memory: memory(), bytes: 0 } satisfies Took)
}
await closePool()
process.exit(0)
