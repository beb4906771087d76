import { copyIn, copyKeys, copyMarked, copyRows, countChanged } from "../../db/backup-copy.ts"
import { fullName, type Table } from "../../db/catalogue/tables.ts"
import { copyOut } from "../../db/copy.ts"
import type { Lane } from "../../db/snapshot.ts"
import type { Part, TableEntry } from "../../lib/backups/manifest.ts"
import type { BlockPool } from "../../lib/block-pool.ts"
import { addRow, type Checksum, newChecksum, tellChecksum } from "./checksum.ts"
import { type Packing, pack } from "./pack.ts"

/** Pages of a part, and so what is restored in one go: 256 MB of a table. */
const PAGES = 32_768

/** What tables are backed up with. */
export interface Dumping {
  lanes: Lane[]
  packing: Packing
  /** Tells of bytes read from the database. */
  onRead(bytes: number): void
  /** Stops what is under way in other lanes: something has failed in one. */
  stop(error: unknown): void
}

/** What a backup goes on from: the oldest transaction that had not ended at its snapshot, and its tables. */
export interface Before {
  oldestXid: string
  tables: readonly TableEntry[]
}

interface Dumped {
  entries: TableEntry[]
  parts: Part[]
  /** In the parts. */
  rows: number
}

/** Back tables up, several at a time: all their rows, or what has changed since. */
export async function dumpTables(
  tables: readonly Table[],
  before: Before | null,
  dumping: Dumping,
): Promise<Dumped> {
  const { pool } = dumping.packing
  const parts: Part[] = []
  const entries = new Map(tables.map((table) => [table, entryOf(table)]))
  const sums = new Map(tables.map((table) => [table, newChecksum()]))
  const given = { rows: 0 }
  let made = 0
  const numbered = (what: string) => `data/${String(++made).padStart(4, "0")}.${what}`

  const tallying = (sum: Checksum): Tally => ({ sum, given, onRead: dumping.onRead })

  const all = (table: Table): Task[] =>
    rangesOf(table).map((range) => async (lane) => {
      const blocks = rowsOf(lane, copyRows(table, range), pool, tallying(sums.get(table)!))
      const part = await pack({ kind: "rows", name: numbered("copy"), blocks }, dumping.packing)
      parts.push(part)
      entries.get(table)!.parts.push(part.key)
      return []
    })

  const changes = (table: Table, known: TableEntry, since: string): Task => {
    return async (lane) => {
      const entry = entries.get(table)!
      const counts = await countChanged(table, since, lane.tx)
      // With no row that is new, what there is was there before: as many are the same ones.
      if (counts.changed === 0 && counts.rows === known.rows) {
        Object.assign(entry, { mode: "same", rows: known.rows, checksum: known.checksum })
        return []
      }
      if (!table.sqlKey) return all(table)
      entry.mode = "delta"
      const marked = changedRowsOf(lane, copyMarked(table, since), pool, tallying(sums.get(table)!))
      const rows = await pack({ kind: "rows", name: numbered("copy"), blocks: marked }, dumping.packing)
      const there = keysOf(lane, copyKeys(table), pool)
      const keys = await pack({ kind: "keys", name: numbered("keys.copy"), blocks: there }, dumping.packing)
      parts.push(rows, keys)
      entry.parts.push(rows.key)
      entry.keys.push(keys.key)
      return []
    }
  }

  const tasks = tables.flatMap((table) => {
    const known = before?.tables.find((entry) => fullName(entry) === fullName(table))
    return before && known ? [changes(table, known, before.oldestXid)] : all(table)
  })
  await inLanes(tasks, dumping)
  for (const [table, entry] of entries) if (entry.mode !== "same") tell(entry, sums.get(table)!)
  parts.sort((one, other) => (one.key < other.key ? -1 : 1))
  return { entries: [...entries.values()], parts, rows: given.rows }
}

/** Something to be done in any lane; returns what there is to be done besides. */
type Task = (lane: Lane) => Promise<Task[]>

/** One task at a time in each lane. */
async function inLanes(tasks: Task[], { lanes, packing, stop }: Dumping) {
  const work = async (lane: Lane) => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      packing.signal.throwIfAborted()
      tasks.unshift(...(await task(lane)))
    }
  }
  const working = lanes.map((lane) =>
    work(lane).catch((error) => {
      stop(error)
      throw error
    }),
  )
  await Promise.allSettled(working)
  packing.signal.throwIfAborted()
}

const entryOf = (table: Table): TableEntry => ({
  schema: table.schema,
  name: table.name,
  parents: table.parents,
  columns: table.columns,
  key: table.key,
  mode: "full",
  rows: 0,
  checksum: "",
  copy: copyIn(table.sqlName, table.sqlColumns),
  parts: [],
  keys: [],
})

function tell(entry: TableEntry, sum: Checksum) {
  entry.rows = sum.rows
  entry.checksum = tellChecksum(sum)
}

/** The pages of each part; one of a small table, which is read the shorter way. */
function rangesOf({ pages }: Table) {
  const parts = Math.ceil(pages / PAGES)
  if (parts <= 1) return [undefined]
  return Array.from({ length: parts }, (_, part) => ({
    from: part * PAGES,
    to: part === parts - 1 ? undefined : (part + 1) * PAGES,
  }))
}

interface Tally {
  /** Over all rows of the table. */
  sum: Checksum
  /** Rows that go into a part. */
  given: { rows: number }
  onRead(bytes: number): void
}

const rowsOf = ({ tx, pid }: Lane, copy: string, pool: BlockPool, tally: Tally) =>
  copyOut(tx.unsafe(copy), {
    pool,
    pid,
    take(row) {
      count(row, tally)
      tally.given.rows += 1
      return row
    },
  })

const changedRowsOf = ({ tx, pid }: Lane, copy: string, pool: BlockPool, tally: Tally) =>
  copyOut(tx.unsafe(copy), {
    pool,
    pid,
    take(marked) {
      const row = marked.subarray(2)
      count(row, tally)
      if (marked[0] !== CHANGED) return undefined
      tally.given.rows += 1
      return row
    },
  })

function count(row: Buffer, { sum, onRead }: Tally) {
  addRow(sum, row)
  onRead(row.length)
}

const keysOf = ({ tx, pid }: Lane, copy: string, pool: BlockPool) => copyOut(tx.unsafe(copy), { pool, pid })

const CHANGED = "t".charCodeAt(0)
