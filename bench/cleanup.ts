import postgres from "postgres"
import { recordRuns } from "../db/runs.ts"
import { jobs } from "../lib/jobs/index.ts"
import { child } from "./children.ts"
import { drawRows } from "./ledger-data.ts"
import { numbers, quantile, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// A cleanup of a ledger with so many old runs: how long those wait who write to the same table meanwhile, against the same alone,
// and for how long it holds which locks.
const { rows, writers, seconds } = numbers({ rows: 1_000_000, writers: 4, seconds: 10 })

const SECONDS_OF_31_DAYS = 31 * 86_400
const BATCH = 500

/** Runs that a writer records at a time. */
const FRESH = 10

const rig = await startRig()
// By another name than the cleanup's own connections have.
const connect = (max: number) =>
  postgres(rig.env.DATABASE_URL, {
    max,
    onnotice: () => undefined,
    connection: { application_name: "bench" },
  })
const sql = connect(writers)
const watcher = connect(1)

for (let from = 0; from < rows; from += BATCH)
  await recordRuns(drawRows(from, Math.min(BATCH, rows - from), rows + SECONDS_OF_31_DAYS), sql)
await sql`vacuum analyze runs`

const before = await writing(() => Bun.sleep(seconds * 1_000))
const holding = watch()
let cleaned = { deleted: 0, seconds: 0 }
const during = await writing(async () => {
  const cleaning = child<typeof cleaned>("our-cleanup.ts", rig.env)
  cleaned = await cleaning.next()
  await cleaning.over()
})
const held = await holding()
const after = await writing(() => Bun.sleep(seconds * 1_000))

console.log(
  `${cleaned.deleted} rows deleted in ${cleaned.seconds} s: ${Math.round(cleaned.deleted / cleaned.seconds)} a second, in ${held.transactions} transactions or more`,
)
console.log(`locks of tables: ${held.modes.join(", ")}`)
say("writers alone", [...before, ...after])
say("writers beside it", during)
const alone = quantile([...before, ...after], 0.95)
verdict("p95 beside it / alone", quantile(during, 0.95) / alone, "<=", 4)
verdict("its longest transaction", held.longest, "<=", 1_000, " ms")
verdict("times a writer waited for it", held.waits, "<=", 0)
if (cleaned.deleted !== rows) throw new Error(`${rows} rows were to be deleted`)

await Promise.all([sql.end(), watcher.end()])
await rig.stop()

function say(name: string, took: number[]) {
  const [p50, p95, most] = [quantile(took), quantile(took, 0.95), Math.max(...took)]
  console.log(
    `${name.padEnd(28)} ${p50.toFixed(1)} ms, 95 of 100 within ${p95.toFixed(1)} ms, all within ${most.toFixed(1)} ms   (${took.length} turns)`,
  )
}

/** The milliseconds that each turn of the writers takes while something goes on: some runs recorded, and the latest looked at. */
async function writing(meanwhile: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let over = false
  const turns = async () => {
    while (!over) {
      const fresh = drawRows(0, FRESH, FRESH)
      const began = performance.now()
      await recordRuns(fresh, sql)
      await sql`select id from runs where queue = ${jobs[0].name} order by finished_at desc, id desc limit 20`
      took.push(performance.now() - began)
      await Bun.sleep(5)
    }
  }
  const all = Array.from({ length: writers }, turns)
  await meanwhile()
  over = true
  await Promise.all(all)
  return took
}

/** Look, again and again, at what the cleanup's transactions that have written something hold. */
function watch() {
  const seen = { longest: 0, waits: 0, transactions: new Set<string>(), modes: new Set<string>() }
  let over = false
  const watching = (async () => {
    while (!over) {
      const [now] = await watcher<[{ age: number; ids: string[]; waits: number; modes: string[] }]>`
        with its as (
          select pid, backend_xid, clock_timestamp() - xact_start as age
          from pg_stat_activity
          where application_name = 'esteira' and backend_xid is not null
        )
        select
          coalesce((select max(extract(epoch from age) * 1000) from its), 0)::float8 as age,
          array(select backend_xid::text from its) as ids,
          array(select distinct mode from pg_locks join its using (pid) where relation is not null) as modes,
          (
            select count(*) from pg_stat_activity as writer
            where application_name = 'bench' and pg_blocking_pids(writer.pid) && array(select pid from its)
          )::int as waits
      `
      seen.longest = Math.max(seen.longest, now.age)
      seen.waits += now.waits
      for (const id of now.ids) seen.transactions.add(id)
      for (const mode of now.modes) seen.modes.add(mode)
      await Bun.sleep(10)
    }
  })()
  return async () => {
    over = true
    await watching
    return { ...seen, transactions: seen.transactions.size, modes: [...seen.modes].sort() }
  }
}
