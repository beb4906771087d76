import { parseArgs } from "node:util"
import postgres from "postgres"
import { isDatabaseAway } from "../../db/errors.ts"
import { backupId } from "../../lib/backups/id.ts"
import { signingEnv } from "../../lib/backups/signature.ts"
import { DamagedBackup, readManifest, storedBackups } from "../../lib/backups/store.ts"
import { boot } from "../../lib/boot.ts"
import { ConfigurationError, PermanentError } from "../../lib/errors.ts"
import { S3Error } from "../../lib/storage/s3/errors.ts"
import { readChain } from "../backup/chain.ts"
import { checkBackups } from "../backup/env.ts"
import { backupStorage, fileStorage } from "../backup/storage.ts"
import { restoreFiles } from "./files.ts"
import { restoreBackup } from "./restore.ts"

const USAGE = `
  bun run restore                                   list the backups there are
  bun run restore <id> --into postgres://…/database restore one into an empty database
    --table products     this table alone; may be said several times
    --replace            drop what is in the way
    --files              put the files of the backup back into STORAGE_URL as well
`

const stopping = new AbortController()
process.once("SIGINT", () =>
  stopping.abort(new PermanentError("Stopped: what was restored by then is left as it is")),
)

await boot(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      into: { type: "string" },
      table: { type: "string", multiple: true },
      replace: { type: "boolean", default: false },
      files: { type: "boolean", default: false },
    },
  })
  await checkBackups()
  const [id, another] = positionals
  if (another !== undefined)
    throw new ConfigurationError(`one backup at a time: ${positionals.join(", ")}${USAGE}`)
  if (id === undefined) return await list()
  if (!backupId.safeParse(id).success) throw new ConfigurationError(`${id} is no id of a backup${USAGE}`)
  if (!values.into) throw new ConfigurationError(`say which database to restore into${USAGE}`)
  if (signingEnv().BACKUP_SIGNING_KEY === undefined)
    console.log("BACKUP_SIGNING_KEY is not set: whether the backup is one of yours is not checked")
  const restored = await restoreBackup(id, {
    storage: backupStorage(),
    into: values.into,
    tables: values.table,
    replace: values.replace,
    signal: stopping.signal,
    say: (stage, message) => console.log(`${stage}: ${message}`),
  }).catch(sayAndEnd)
  const { backups, tables, rows, seconds, compareSeconds } = restored
  console.log(
    `Restored ${rows} rows of ${tables} tables from ${backups} backup${backups === 1 ? "" : "s"} in ${seconds} s, and found each table the same as it was in ${compareSeconds} s`,
  )
  if (!values.files) return
  const files = await restoreFiles(
    await readChain(id, backupStorage()),
    fileStorage(),
    stopping.signal,
  ).catch(sayAndEnd)
  console.log(`Put ${files} file${files === 1 ? "" : "s"} back`)
})

async function list() {
  const backups = backupStorage()
  for (const id of (await storedBackups(backups)).sort()) {
    const manifest = await readManifest(id, backups).catch((error: Error) => error)
    console.log(
      manifest instanceof Error || !manifest
        ? `${id}  ${manifest ? manifest.message : "is gone"}`
        : `${id}  ${manifest.startedAt}  ${manifest.kind}  ${manifest.rows} rows  ${manifest.bytes} bytes${manifest.encryption ? "" : "  not encrypted"}${manifest.compression ? "" : "  not compressed"}`,
    )
  }
  console.log(USAGE)
}

/** What the errors of a restore say is for whoever has asked for it. */
function sayAndEnd(error: Error): never {
  if (isDatabaseAway(error)) {
    console.error(
      `PostgreSQL is away (${error.message}): what was restored by then is left as it is; begin again with --replace`,
    )
    process.exit(1)
  }
  const isSaid = [error, error.cause].some((it) => it instanceof postgres.PostgresError)
  if (
    !isSaid &&
    !(error instanceof PermanentError || error instanceof DamagedBackup || error instanceof S3Error)
  )
    throw error
  console.error(error.message)
  process.exit(1)
}
