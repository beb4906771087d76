import { beginBackup, completeBackup, failBackup } from "../../db/backups.ts"
import { isDatabaseAway } from "../../db/errors.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { signingEnv } from "../../lib/backups/signature.ts"
import { DamagedBackup, removeBackup, writeManifest } from "../../lib/backups/store.ts"
import { createBlockPool } from "../../lib/block-pool.ts"
import { PermanentError, RunCancelled } from "../../lib/errors.ts"
import type { backup } from "../../lib/jobs/backup.ts"
import type { JobResult } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"
import { backupEnv } from "./env.ts"
import { type BackupPayload, gather } from "./gather.ts"
import { BLOCK, type Packing } from "./pack.ts"
import { backupStorage } from "./storage.ts"
import { deleteOld, takenBy, tidyBackups } from "./tidy.ts"
import { verifyBackup } from "./verify.ts"

type Result = Extract<JobResult<typeof backup>, { type: "full" | "incremental" }>

/**
 * Back the database up, read the backup back, and delete those that need not be kept any longer. It is there whole, under the
 * id of its run, or it is not there at all; a run that is tried again begins anew, unless all but its end was done.
 */
export async function takeBackup(payload: BackupPayload, run: Run): Promise<Result> {
  const storage = backupStorage()
  await tidyBackups(run.id, storage, run)
  const there = await verifyBackup(run.id, { storage, signal: run.signal }).catch(unlessDamaged)
  const { manifest, reason = undefined } = there ? { manifest: there } : await takeAnew(payload, run)
  await completeBackup(takenBy(manifest), true)
  if (!manifest.encryption)
    run.log("The backup is not encrypted: BACKUP_RECIPIENTS names nobody, or it was asked for so")
  if (signingEnv().BACKUP_SIGNING_KEY === undefined)
    run.log(
      "The backup is not signed, since BACKUP_SIGNING_KEY is not set: who can write to the storage can replace it",
    )
  for (const what of manifest.schema.leftOut) run.log(`Not in the backup: ${what}`)
  await deleteOld(storage, run)
  run.progress({ percentage: 100, stage: "done", message: `${manifest.rows} rows, ${manifest.bytes} bytes` })
  return { ...resultOf(manifest), ...(reason ? { reason } : {}) }
}

/** A backup that is not there, or not whole, is made anew. */
function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedBackup)) throw error
}

async function takeAnew(payload: BackupPayload, run: Run) {
  const recipients = recipientsOf(payload)
  const stopping = new AbortController()
  const packing: Packing = {
    id: run.id,
    storage: backupStorage(),
    signal: AbortSignal.any([run.signal, stopping.signal]),
    level: payload.compress ? backupEnv().BACKUP_ZSTD_LEVEL : null,
    recipients,
    pool: createBlockPool(BLOCK),
  }
  await beginBackup({
    id: run.id,
    kind: "full",
    description: payload.description ?? null,
    tables: payload.tables ?? null,
    retentionDays: payload.retention,
    compressed: payload.compress,
    encrypted: recipients !== null,
  })
  try {
    await removeBackup(run.id, packing.storage, run.signal)
    const taken = await gather({ payload, run, packing, stop: (error) => stopping.abort(error) })
    await writeManifest(taken.manifest, packing.storage, packing.signal)
    run.progress({ percentage: 90, stage: "verifying", message: "Reading the backup back" })
    await verifyBackup(run.id, packing)
    return taken
  } catch (error) {
    await giveUp(error, packing, run)
    throw error
  }
}

/** Null for whoever has the file. */
function recipientsOf({ encrypt }: BackupPayload) {
  const { BACKUP_RECIPIENTS = [] } = backupEnv()
  if (encrypt && BACKUP_RECIPIENTS.length === 0)
    throw new PermanentError(
      "The backup is to be encrypted, and for nobody: set BACKUP_RECIPIENTS to who can open it",
    )
  return encrypt === false || BACKUP_RECIPIENTS.length === 0 ? null : BACKUP_RECIPIENTS
}

/** Have nothing left of a backup that has failed. One that another worker will take up again is left to that. */
async function giveUp(error: unknown, { storage }: Packing, { id, signal, log }: Run) {
  if (signal.aborted && !(signal.reason instanceof PermanentError)) return
  const reason = signal.aborted ? signal.reason : error
  await removeBackup(id, storage).catch((unremoved: Error) =>
    log(`What there is of the backup stays until the next one: ${unremoved.message}`),
  )
  if (isDatabaseAway(error)) return
  await failBackup(
    id,
    reason instanceof RunCancelled ? "cancelled" : "failed",
    (reason as Error).message,
  ).catch((unnoted: Error) => log(`That the backup has failed could not be noted: ${unnoted.message}`))
}

const resultOf = (manifest: Manifest): Result => ({
  type: manifest.kind,
  backupId: manifest.id,
  previousId: manifest.chain.previous,
  tables: manifest.tables.length,
  rows: manifest.rows,
  files: manifest.files?.count ?? 0,
  bytes: manifest.bytes,
  rawBytes: manifest.rawBytes,
  compressed: manifest.compression !== null,
  encrypted: manifest.encryption !== null,
  seconds: manifest.seconds,
})
