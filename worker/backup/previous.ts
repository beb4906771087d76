import { continueFrom, presentBackups } from "../../db/backups.ts"
import type { Server } from "../../db/catalogue/tables.ts"
import type { Manifest } from "../../lib/backups/manifest.ts"
import { DamagedBackup, readManifest } from "../../lib/backups/store.ts"
import type { Packing } from "./pack.ts"

/** Backups of a chain: each more is one more to restore. */
const LONGEST = 50

/** Transactions after which the ids of rows could be taken for others: a half of all there are. */
const FAR = 2n ** 31n - 100_000_000n

interface Now {
  scope: string[] | null
  includeFiles: boolean
  schema: string
  server: Server
}

/** The backup that one under way goes on from, or why there is none. */
export async function findPrevious(
  now: Now,
  { id, storage, signal }: Pick<Packing, "id" | "storage" | "signal">,
): Promise<{ previous: Manifest; reason?: undefined } | { previous?: undefined; reason: string }> {
  const present = await presentBackups()
  const same = present.find(
    ({ status, verifiedAt, tables }) =>
      status === "completed" && verifiedAt && JSON.stringify(tables) === JSON.stringify(now.scope),
  )
  if (!same) return { reason: "there is no backup to go on from" }
  for (let id = same.previousId; id !== null; ) {
    const under = present.find((backup) => backup.id === id)
    if (under?.status !== "completed")
      return { reason: `the backup ${id}, which the last one goes on from, is damaged or gone` }
    id = under.previousId
  }
  const previous = await readManifest(same.id, storage, signal).catch((error) => {
    if (error instanceof DamagedBackup) return error
    throw error
  })
  if (previous instanceof DamagedBackup) return { reason: previous.message }
  if (!previous) return { reason: `the backup ${same.id} is not in the storage` }
  const reason = whyNot(previous, now)
  if (reason) return { reason }
  const baseId = previous.chain.base
  if (!(await continueFrom(id, { id: previous.id, baseId })))
    return { reason: `the backup ${same.id} was deleted meanwhile` }
  return { previous }
}

function whyNot({ chain, schema, server, files }: Manifest, now: Now): string | undefined {
  if (schema.sha256 !== now.schema) return "the schema has changed since the last backup"
  if (server.cluster !== now.server.cluster)
    return "the database is another, or was restored, since the last backup"
  if (BigInt(now.server.nextXid) - BigInt(oldestXid(server.snapshot)) > FAR)
    return "too many transactions have passed since the last backup"
  if (now.includeFiles && !files) return "the last backup has no files"
  if (chain.length >= LONGEST) return `the chain has ${LONGEST} backups, and is long enough`
  return undefined
}

/** The oldest transaction that had not ended at a snapshot: https://www.postgresql.org/docs/current/functions-info.html */
export const oldestXid = (snapshot: string) => snapshot.slice(0, snapshot.indexOf(":"))
