import type postgres from "postgres"
import { standing } from "../../db/catalogue/sequences.ts"
import type { Statement } from "../../db/catalogue/statement.ts"
import { statementsOf } from "../../db/catalogue/statements.ts"
import { isDatabaseAway } from "../../db/errors.ts"
import type { Manifest, TableEntry } from "../../lib/backups/manifest.ts"
import { DamagedBackup } from "../../lib/backups/store.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { Storage } from "../../lib/storage/types.ts"
import { readChain } from "../backup/chain.ts"
import { unpackSchema } from "../backup/schema.ts"
import { namesOf } from "../backup/scope.ts"
import { configuredDecrypter, type Unpacking } from "../backup/unpack.ts"
import { compareTable } from "./compare.ts"
import { type Lane, loadChanges, loadPart, sqlNameOf } from "./load.ts"
import { clear, openTarget } from "./target.ts"

interface Options {
  storage: Storage
  /** The database to restore into, and whether what is in it may be dropped. */
  into: string
  replace?: boolean
  /** Only these tables, `products` or `schema.products`. */
  tables?: readonly string[] | undefined
  signal: AbortSignal
  decrypter?: Unpacking["decrypter"]
  say?(stage: "loading" | "finishing" | "comparing", message: string): void
}

/** What was restored. */
export interface Restored {
  id: string
  /** One upon the other. */
  backups: number
  tables: number
  rows: number
  /** Of the restore, and of the comparison after it. */
  seconds: number
  compareSeconds: number
}

/** Parts that are loaded at a time. */
const LANES = 2

/**
 * Restore a backup, with those it goes on from, and compare each table with what it was. Hashes are checked as parts are read.
 * Throws PermanentError for what is asked for, DamagedBackup for what is there, and leaves what it had restored by then.
 */
export async function restoreBackup(id: string, options: Options): Promise<Restored> {
  const { storage, into, signal, replace = false, say = () => undefined } = options
  const began = performance.now()
  const chain = await readChain(id, storage, signal)
  const last = chain.at(-1)!
  const wanted = wantedTables(last, options.tables)
  const unpacking = (of: Manifest) => ({
    id: of.id,
    storage,
    signal,
    decrypter: options.decrypter ?? configuredDecrypter,
  })
  const all = await unpackSchema(last, unpacking(last))
  const names = namesOf(wanted)
  const statements = options.tables ? statementsOf(names, all) : all
  const target = openTarget(into, LANES)
  const lanes = target.lanes.map((session): Lane => ({ session, side: target.side, signal }))
  try {
    await Promise.all(target.lanes.map(prepare))
    await clear({ tables: names, some: options.tables !== undefined, replace }, target.lanes[0]!)
    await run(
      statements.filter(({ when }) => when === "before"),
      lanes.slice(0, 1),
    )
    for (const manifest of chain) {
      say("loading", `${manifest.id}: ${manifest.rows} rows`)
      const from = { manifest, unpacking: unpacking(manifest) }
      const tables = manifest.tables.filter((table) => isAmong(table, wanted))
      const tasks = tables.flatMap((table) =>
        manifest.kind === "full"
          ? table.parts.map((part) => (lane: Lane) => loadPart(table, part, from, lane))
          : [(lane: Lane) => loadChanges(table, from, lane)],
      )
      await inLanes(tasks, lanes)
    }
    say("finishing", "Keys, indexes and what else comes after the rows")
    await finish(statements, lanes)
    for (const sequence of last.sequences) await target.lanes[0]!.unsafe(standing(sequence))
    await inLanes(
      wanted.map(
        (table) =>
          ({ session }: Lane) =>
            session.unsafe(`analyze ${sqlNameOf(table)}`),
      ),
      lanes,
    )
    const seconds = (performance.now() - began) / 1_000
    say("comparing", `${wanted.length} tables`)
    await compare(wanted, lanes)
    return {
      id,
      backups: chain.length,
      tables: wanted.length,
      rows: wanted.reduce((sum, { rows }) => sum + rows, 0),
      seconds: round(seconds),
      compareSeconds: round((performance.now() - began) / 1_000 - seconds),
    }
  } finally {
    await target.close()
  }
}

function wantedTables({ id, tables }: Manifest, wanted: readonly string[] | undefined): TableEntry[] {
  if (!wanted) return tables
  const names = new Set(wanted.map((name) => (name.includes(".") ? name : `public.${name}`)))
  const known = namesOf(tables)
  const missing = [...names].filter((name) => !known.has(name))
  if (missing.length) throw new PermanentError(`The backup ${id} has no table ${missing.join(", ")}`)
  return tables.filter((table) => [...namesOf([table])].some((name) => names.has(name)))
}

const isAmong = ({ schema, name }: TableEntry, tables: readonly TableEntry[]) =>
  tables.some((table) => table.schema === schema && table.name === name)

const prepare = (session: postgres.Sql) =>
  session
    .unsafe(`
      set check_function_bodies = off;
      set maintenance_work_mem = '256MB';
      set statement_timeout = 0;
      set lock_timeout = 0;
    `)
    .simple()

/** What comes after the rows: keys and indexes several at a time, the rest in its order. */
async function finish(statements: readonly Statement[], lanes: Lane[]) {
  const after = statements.filter(({ when }) => when === "after")
  const kinds = [...new Set(after.map(({ kind }) => kind))]
  for (const kind of kinds) {
    const alike = after.filter((statement) => statement.kind === kind)
    await run(alike, kind === "key" || kind === "index" ? lanes : lanes.slice(0, 1))
  }
}

const run = (statements: readonly Statement[], lanes: Lane[]) =>
  inLanes(
    statements.map(({ kind, name, sql }) => async ({ session, signal }: Lane) => {
      signal.throwIfAborted()
      await session
        .unsafe(sql)
        .simple()
        .catch((error: Error) => {
          if (isDatabaseAway(error)) throw error
          throw new Error(`The ${kind} ${name} could not be made: ${error.message}`, { cause: error })
        })
    }),
    lanes,
  )

async function compare(tables: readonly TableEntry[], lanes: Lane[]) {
  const differences: string[] = []
  await inLanes(
    tables.map((table) => async (lane: Lane) => {
      const difference = await compareTable(table, lane)
      if (difference) differences.push(difference)
    }),
    lanes,
  )
  if (differences.length)
    throw new DamagedBackup(`What was restored is not what was backed up: ${differences.sort().join("; ")}`)
}

/** One task at a time in each lane; once one has failed no other is begun. */
async function inLanes(tasks: ((lane: Lane) => Promise<unknown>)[], lanes: Lane[]) {
  const left = [...tasks]
  let failure: { error: unknown } | undefined
  await Promise.all(
    lanes.map(async (lane) => {
      for (let task = left.shift(); task && !failure; task = left.shift())
        await task(lane).catch((error) => {
          failure ??= { error }
        })
    }),
  )
  if (failure) throw (failure as { error: unknown }).error
}

const round = (seconds: number) => Math.round(seconds * 10) / 10
