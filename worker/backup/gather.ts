import { listFiles } from "../../db/catalogue/files.ts"
import { listLeftOut } from "../../db/catalogue/left-out.ts"
import { listSequences } from "../../db/catalogue/sequences.ts"
import { listStatements, statementsOf } from "../../db/catalogue/statements.ts"
import { lookAtServer, type Table } from "../../db/catalogue/tables.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import type { backup } from "../../lib/jobs/backup.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import type { Run } from "../run.ts"
import { knownFiles, packFiles } from "./files.ts"
import { withTables } from "./look.ts"
import type { Packing } from "./pack.ts"
import { findPrevious, oldestXid } from "./previous.ts"
import { digestOf, packSchema } from "./schema.ts"
import { namesOf } from "./scope.ts"
import { fileStorage } from "./storage.ts"
import { dumpTables } from "./tables.ts"

export type BackupPayload = Extract<JobPayload<typeof backup>, { type: "full" | "incremental" }>

/** A backup as it is to be, and the run it is for. */
interface Taking {
  payload: BackupPayload
  run: Pick<Run, "id" | "progress">
  packing: Packing
  stop(error: unknown): void
}

/** Store all of a backup but its manifest, and return that; `reason`, why it is a full one though an incremental one was asked for. */
export async function gather(taking: Taking): Promise<{ manifest: Manifest; reason: string | undefined }> {
  const { payload, run, packing, stop } = taking
  const startedAt = new Date()
  const scope = payload.tables ?? null
  const seen = await withTables(scope, packing.signal, async (lanes, tables) => {
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
  const { server, statements, previous, dumped } = seen
  const schema = await packSchema(statements, seen.sequences, packing)
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
    encryption: packing.recipients && { format: "age", recipients: packing.recipients.length },
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

const filesOf = async (previous: Manifest | undefined, packing: Packing) =>
  previous?.files ? await knownFiles(previous, { ...packing, id: previous.id }) : new Set<string>()

/** Says how much of the tables has been read. */
function sayProgress(tables: readonly Table[], run: Pick<Run, "progress">) {
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
