import { Elysia } from "elysia"
import { type Backup, deleteBackup, findBackup, listBackups, type Needed } from "../../db/backups.ts"
import { backupId } from "../../lib/backups/id.ts"
import { DamagedBackup, folderOf, manifestKey, readManifest } from "../../lib/backups/store.ts"
import { enqueue, problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import { backup } from "../../lib/jobs/backup.ts"
import { createLog } from "../../lib/log.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { allow } from "../access/allow.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { tellBackup } from "../backups.ts"
import {
  documentBackup,
  documentBackupDelete,
  documentBackupDownload,
  documentBackupList,
  documentBackupStart,
  documentBackupVerify,
} from "../documentation/backups.ts"
import { HttpError } from "../errors.ts"
import { outbox } from "../outbox.ts"
import { fromPostgres } from "../postgres.ts"
import { backupsQuery } from "../requests.ts"
import { codeOf } from "../runs.ts"

const AWAY = "PostgreSQL, which knows the backups, does not answer: try again in a moment"

/** Seconds that links to the files of a backup last. */
const LINKED = 3_600

const queue = backup.name

const log = createLog("API")

/** Backups: to start, look after, fetch and delete them. */
export const backupRoutes = new Elysia({ prefix: "/api/admin/backup" })
  .post(
    "/start",
    ({ body, request, status }) =>
      start(body, actorOf(request)).then((started) => status(codeOf(started), started)),
    allow("admin", documentBackupStart(), { action: "backup.start", queue }),
  )
  .get("/list", ({ query }) => list(query), allow("admin", documentBackupList(), { queue }))
  .get("/:id", ({ params }) => there(params.id).then(tellBackup), allow("admin", documentBackup(), { queue }))
  .get(
    "/:id/download",
    ({ params, request }) => download(params.id, request),
    allow("admin", documentBackupDownload(), { action: "backup.download", queue }),
  )
  .post(
    "/:id/verify",
    ({ params, request, status }) => verify(params.id, actorOf(request)).then((run) => status(202, run)),
    allow("admin", documentBackupVerify(), { action: "backup.verify", queue }),
  )
  .delete(
    "/:id",
    ({ params, request }) => remove(params.id, request),
    allow("admin", documentBackupDelete(), { action: "backup.delete", queue }),
  )

async function start(body: unknown, askedBy: string) {
  const run = await enqueue(backup, (body ?? {}) as never, {}, { name: "start-backup", askedBy, outbox })
  return { message: "Backup iniciado.", jobId: run.id, status: run.status }
}

async function list(query: unknown) {
  const asked = backupsQuery.safeParse(query)
  if (!asked.success) throw new PayloadError("Bad request", problemsOf(asked.error))
  const { limit, before } = asked.data
  // One more than asked for tells whether there is a next page.
  const backups = await fromPostgres(listBackups(limit + 1, before ?? null), AWAY)
  const page = backups.slice(0, limit)
  return { backups: page.map(tellBackup), next: backups.length > limit ? page.at(-1)!.id : null }
}

async function download(id: string, request: Request) {
  await present(id)
  const storage = backupStorage()
  const manifest = await readManifest(id, storage).catch((error) => {
    throw error instanceof DamagedBackup ? new HttpError(409, error.message) : error
  })
  if (!manifest) throw new HttpError(409, `The backup ${id} is no longer in the storage`)
  describeChange(request, { target: id })
  const expiresAt = new Date(Date.now() + LINKED * 1_000).toISOString()
  const linked = async (key: string, name: string) =>
    await storage.link(key, { seconds: LINKED, filename: `${id}-${name.replaceAll("/", "-")}` })
  const parts = manifest.parts.map(async ({ key, bytes, sha256 }) => ({
    key,
    bytes,
    sha256,
    url: await linked(folderOf(id) + key, key),
  }))
  const key = "manifest.json"
  const own = { key, bytes: null, sha256: null, url: await linked(manifestKey(id), key) }
  return { id, expiresAt, files: [own, ...(await Promise.all(parts))] }
}

async function verify(id: string, askedBy: string) {
  await present(id)
  const asking = { name: "verify-backup", askedBy, outbox }
  const run = await enqueue(backup, { type: "verify", backupId: id }, {}, asking)
  return { message: "Verificação iniciada.", jobId: run.id, status: run.status }
}

const WHY: Record<Needed, string> = {
  "by-others": "other backups go on from it: delete those first",
  "last-verified": "it is the last that was found whole and has all its tables: have another one made first",
  running: "it is under way: cancel its run",
}

async function remove(id: string, request: Request) {
  const before = await there(id)
  const needed = await fromPostgres(deleteBackup(id), AWAY)
  if (needed) throw new HttpError(409, `The backup ${id} stays: ${WHY[needed]}`)
  describeChange(request, { target: id, before: tellBackup(before) })
  // What reads it at this moment ends first, and should nobody hear of this, the next backup removes the files.
  await enqueue(backup, { type: "tidy" }, {}, { name: "tidy-backups", outbox }).catch((error) =>
    log.warn(`Files of the deleted backup ${id} stay until the next backup`, { error }),
  )
  return { success: true as const, message: "Backup excluído." }
}

/** A backup that was asked for; throws 404 when there is none. */
async function there(id: string): Promise<Backup> {
  const found = backupId.safeParse(id).success && (await fromPostgres(findBackup(id), AWAY))
  if (found && found.status !== "deleted") return found
  throw new HttpError(404, `No backup ${String(id).slice(0, 100)}`)
}

/** A backup that can be read; throws 404 and 409. */
async function present(id: string): Promise<Backup> {
  const found = await there(id)
  if (found.status === "completed" || found.status === "damaged") return found
  throw new HttpError(409, `The backup ${id} is ${found.status}: there is nothing of it to read`)
}
