import type postgres from "postgres"
import { beginBackup, completeBackup, failBackup } from "../../db/backups.ts"
import { cancellable } from "../../db/cancellable.ts"
import { listFiles } from "../../db/catalogue/files.ts"
import { listLeftOut } from "../../db/catalogue/left-out.ts"
import { listStatements, statementsOf } from "../../db/catalogue/statements.ts"
import { listSequences, listTables, lookAtServer, type Table } from "../../db/catalogue/tables.ts"
import { isDatabaseAway } from "../../db/errors.ts"
import { directSession } from "../../db/pool.ts"
import { type Lane, LOCK_PATIENCE, withSnapshot } from "../../db/snapshot.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { DamagedBackup, removeBackup, writeManifest } from "../../lib/backups/store.ts"
import { createBlockPool } from "../../lib/block-pool.ts"
import { PermanentError, RunCancelled } from "../../lib/errors.ts"
import type { backup } from "../../lib/jobs/backup.ts"
import type { JobPayload, JobResult } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"
import { backupEnv } from "./env.ts"
import { knownFiles, packFiles } from "./files.ts"
import { BLOCK, type Packing } from "./pack.ts"
import { findPrevious, oldestXid } from "./previous.ts"
import { digestOf, packSchema } from "./schema.ts"
import { inScope, namesOf } from "./scope.ts"
import { backupStorage, fileStorage } from "./storage.ts"
import { dumpTables } from "./tables.ts"
import { deleteOld, takenBy, tidyBackups } from "./tidy.ts"
import { verifyBackup } from "./verify.ts"

type Payload = Extract<JobPayload<typeof backup>, { type: "full" | "incremental" }>
type Result = Extract<JobResult<typeof backup>, { type: "full" | "incremental" }>

/** Connections that read at a time. */
const LANES = 2

/** Looks at the tables, of which none is to be made or removed between this and their locks. */
const LOOKS = 3

/**
 * Back the database up, read the backup back, and delete those that need not be kept any longer. It is there whole, under the
 * id of its run, or it is not there at all; a run that is tried again begins anew, unless all but its end was done.
 */
export async function takeBackup(payload: Payload, run: Run): Promise<Result> {
  const storage = backupStorage()
  await tidyBackups(run.id, storage, run)
  const there = await verifyBackup(run.id, { storage, signal: run.signal }).catch(unlessDamaged)
  const { manifest, reason = undefined } = there ? { manifest: there } : await takeAnew(payload, run)
  await completeBackup(takenBy(manifest), true)
  if (!manifest.encryption)
    run.log("The backup is not encrypted: BACKUP_RECIPIENTS names nobody, or it was asked for so")
  for (const what of manifest.schema.leftOut) run.log(`Not in the backup: ${what}`)
  await deleteOld(storage, run)
  return { ...resultOf(manifest), ...(reason ? { reason } : {}) }
}

/** A backup that is not there, or not whole, is made anew. */
function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedBackup)) throw error
}

async function takeAnew(payload: Payload, run: Run) {
  const { encrypter, recipients } = await sealing(payload)
  const stopping = new AbortController()
  const packing: Packing = {
    id: run.id,
    storage: backupStorage(),
    signal: AbortSignal.any([run.signal, stopping.signal]),
    level: payload.compress ? backupEnv().BACKUP_ZSTD_LEVEL : null,
    encrypter,
    pool: createBlockPool(BLOCK),
  }
  await beginBackup({
    id: run.id,
    kind: "full",
    description: payload.description ?? null,
    tables: payload.tables ?? null,
    retentionDays: payload.retention,
    compressed: payload.compress,
    encrypted: encrypter !== null,
  })
  try {
    await removeBackup(run.id, packing.storage, run.signal)
    const taken = await take({ payload, run, packing, recipients, stop: (error) => stopping.abort(error) })
    await writeManifest(taken.manifest, packing.storage, packing.signal)
    run.progress({ percentage: 90, stage: "verifying", message: "Reading the backup back" })
    await verifyBackup(run.id, packing)
    return taken
  } catch (error) {
    await giveUp(error, packing, run)
    throw error
  }
}

async function sealing({ encrypt }: Payload) {
  const { BACKUP_RECIPIENTS = [] } = backupEnv()
  if (encrypt && BACKUP_RECIPIENTS.length === 0)
    throw new PermanentError(
      "The backup is to be encrypted, and for nobody: set BACKUP_RECIPIENTS to who can open it",
    )
  if (encrypt === false || BACKUP_RECIPIENTS.length === 0) return { encrypter: null, recipients: 0 }
  const { Encrypter } = await import("age-encryption")
  const encrypter = new Encrypter()
  for (const recipient of BACKUP_RECIPIENTS) encrypter.addRecipient(recipient)
  return { encrypter, recipients: BACKUP_RECIPIENTS.length }
}

interface Taking {
  payload: Payload
  run: Run
  packing: Packing
  recipients: number
  stop(error: unknown): void
}

async function take(taking: Taking): Promise<{ manifest: Manifest; reason: string | undefined }> {
  const { payload, run, packing, recipients, stop } = taking
  const startedAt = new Date()
  const scope = payload.tables ?? null
  const looking = withTables(scope, packing.signal, async (lanes, tables) => {
    const { tx } = lanes[0]!
    const server = await lookAtServer(tx)
    const all = await listStatements(tx)
    const statements = scope ? statementsOf(namesOf(tables), all) : all
    const now = { scope, includeFiles: payload.includeFiles, schema: digestOf(statements), server }
    const { previous, reason } =
      payload.type === "incremental"
        ? await findPrevious(now, packing)
        : { previous: undefined, reason: undefined }
    const before = previous && { oldestXid: oldestXid(previous.server.snapshot), tables: previous.tables }
    const onRead = sayProgress(tables, run)
    return {
      server,
      statements,
      previous,
      reason,
      leftOut: scope ? [] : await listLeftOut(tx),
      sequences: await listSequences(tx),
      files: payload.includeFiles ? await listFiles(tables, tx) : null,
      dumped: await dumpTables(tables, before ?? null, { lanes, packing, onRead, stop }),
    }
  })
  const seen = await looking.catch(asSentence)
  const { server, statements, previous, dumped } = seen
  const schema = await packSchema(statements, packing)
  const files =
    seen.files &&
    (await packFiles(seen.files, await filesOf(previous, packing), { from: fileStorage(), packing }))
  const parts = [...Object.values(schema), ...dumped.parts, ...(files?.parts ?? [])]
  const finishedAt = new Date()
  const sum = (of: "bytes" | "rawBytes") => parts.reduce((total, part) => total + part[of], 0)
  const manifest: Manifest = {
    format: 1,
    id: run.id,
    kind: previous ? "incremental" : "full",
    chain: {
      base: previous?.chain.base ?? run.id,
      previous: previous?.id ?? null,
      length: (previous?.chain.length ?? 0) + 1,
    },
    description: payload.description ?? null,
    retention: payload.retention,
    scope,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - startedAt.getTime()) / 1_000,
    compression: packing.level === null ? null : { format: "zstd", level: packing.level },
    encryption: recipients ? { format: "age", recipients } : null,
    server: { version: server.version, cluster: server.cluster, snapshot: server.snapshot },
    schema: {
      version: server.migration,
      source: "catalogue",
      sha256: digestOf(statements),
      statements: schema.statements.key,
      before: schema.before.key,
      after: schema.after.key,
      leftOut: seen.leftOut,
    },
    tables: dumped.entries,
    sequences: seen.sequences,
    files: files?.files ?? null,
    rows: dumped.rows,
    bytes: sum("bytes"),
    rawBytes: sum("rawBytes"),
    parts,
  }
  return { manifest, reason: seen.reason }
}

/** Look at the tables in scope, all as of one moment. */
async function withTables<T>(
  scope: string[] | null,
  signal: AbortSignal,
  work: (lanes: Lane[], tables: Table[]) => Promise<T>,
): Promise<T> {
  for (let look = 1; ; look += 1) {
    const expected = inScope(await tablesNow(signal), scope)
    const locked = expected.map(({ sqlName }) => sqlName)
    const done = await withSnapshot({ lanes: LANES, tables: locked, signal }, async (lanes) => {
      const tables = inScope(await listTables(lanes[0]!.tx), scope)
      return isSame(tables, expected) ? { result: await work(lanes, tables) } : undefined
    })
    if (done) return done.result
    if (look === LOOKS) throw new Error("tables were made or removed each time the backup was about to begin")
  }
}

/** The tables there are; where the backup will look, and not by way of a pooler. */
async function tablesNow(signal: AbortSignal): Promise<Table[]> {
  const session = directSession()
  const look = async (tx: postgres.TransactionSql) => {
    await tx.unsafe(`set local lock_timeout = ${LOCK_PATIENCE}`)
    return await listTables(tx)
  }
  return await cancellable(signal, look, session).finally(() => session.end({ timeout: 1 }))
}

/** SQLSTATE of a lock that was waited for in vain. */
const LOCK_NOT_AVAILABLE = "55P03"

function asSentence(error: Error & { code?: string }): never {
  if (error.code !== LOCK_NOT_AVAILABLE) throw error
  throw new Error(
    `A table is locked by who changes its form, and was for ${LOCK_PATIENCE / 1_000} s: the backup has to wait for that`,
    { cause: error },
  )
}

const isSame = (some: readonly Table[], others: readonly Table[]) => {
  const oids = new Set(others.map(({ oid }) => oid))
  return some.length === others.length && some.every(({ oid }) => oids.has(oid))
}

const filesOf = async (previous: Manifest | undefined, packing: Packing) =>
  previous?.files ? await knownFiles(previous, { ...packing, id: previous.id }) : new Set<string>()

/** Says how much of the tables has been read. */
function sayProgress(tables: readonly Table[], run: Run) {
  const all = tables.reduce((sum, { bytes }) => sum + bytes, 1)
  let read = 0
  let said = 0
  return (bytes: number) => {
    read += bytes
    if (read - said < all / 100) return
    said = read
    const percentage = Math.min(89, Math.floor((90 * read) / all))
    run.progress({
      percentage,
      stage: "backing_up",
      message: `${Math.round(read / 1e6)} MB of ${tables.length} tables`,
    })
  }
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
