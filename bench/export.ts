import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { closePool } from "../db/pool.ts"
import { child } from "./children.ts"
import { COLUMNS, drawLeads } from "./export-data.ts"
import { interleaved, numbers, quantile, tell, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// A table exported as CSV against psql's \copy of its bare rows, and as a workbook against exceljs' streaming writer.
const { rows, rounds, books } = numbers({ rows: 1_000_000, rounds: 5, books: 2 })
const rig = await startRig()
Object.assign(process.env, rig.env)
const folder = await mkdtemp(join(tmpdir(), "esteira-bench-export-"))
const file = join(folder, "out")
const query = `select ${COLUMNS.join(", ")} from leads order by id`

interface Measured {
  /** Milliseconds. */
  took: number
  bytes: number
  /** Megabytes of memory at the most. */
  peak: number
  /** Milliseconds that everything else waited, but for the worst hundredth. */
  delay: number
}

await drawLeads(rows)

const psql = Bun.which("psql")
if (!psql)
  console.log("psql is missing here: a plain COPY to a file, over the same protocol, stands for its \\copy")

const limit = await inProcess(psql ? undefined : "peers/copy.ts", { query, file })
const forPeople = await inProcess("our-export.ts", asked({ format: "csv" }))
const forPrograms = await inProcess("our-export.ts", asked({ format: "csv", raw: true }))
const csv = await interleaved(rounds, {
  copy: psql ? () => copyByPsql(psql) : limit.took,
  people: forPeople.took,
  programs: forPrograms.took,
})
tell(psql ? "psql \\copy" : "plain COPY", csv.copy, "ms")
tell("CSV", csv.people, "ms")
tell("CSV, raw", csv.programs, "ms")
verdict("CSV / \\copy", quantile(csv.people) / quantile(csv.copy), "<=", 2.2)
verdict("CSV, raw / \\copy", quantile(csv.programs) / quantile(csv.copy), "<=", 1.5)
verdict("peak memory, CSV", forPeople.peak(), "<=", 200, " MB")
verdict("peak memory, CSV, raw", forPrograms.peak(), "<=", 200, " MB")
console.log(`everything else waited ${forPeople.delay().toFixed(0)} ms (p99)`)
for (const { stop } of [limit, forPeople, forPrograms]) await stop()

const book = await inProcess("our-export.ts", asked({ format: "xlsx" }))
const peer = await inProcess("peers/exceljs.ts", { query, columns: COLUMNS, file })
const xlsx = await interleaved(books, { peer: peer.took, ours: book.took })
tell("exceljs", xlsx.peer, "ms")
tell("XLSX", xlsx.ours, "ms")
verdict("XLSX / exceljs", quantile(xlsx.ours) / quantile(xlsx.peer), "<=", 0.7)
verdict("peak memory, XLSX", book.peak(), "<=", 250, " MB")
console.log(
  `exceljs took ${peer.peak().toFixed(0)} MB; everything else waited ${book.delay().toFixed(0)} ms (p99)`,
)
for (const { stop } of [book, peer]) await stop()

await closePool()
await rig.stop()
await rm(folder, { recursive: true, force: true })

function asked(how: object) {
  return { tables: ["leads"], columns: { leads: COLUMNS }, ...how }
}

/** A process of its own that does the same each time it is asked; nothing at all when there is no file for it. */
async function inProcess(script: string | undefined, question: object) {
  const measured: Measured[] = []
  const worker = script === undefined ? undefined : child<Measured>(script, rig.env)
  await worker?.next()
  return {
    async took() {
      const last = await worker!.ask(question)
      measured.push(last)
      return last.took
    },
    peak: () => Math.max(...measured.map(({ peak }) => peak)),
    delay: () => quantile(measured.map(({ delay }) => delay)),
    stop: async () => await worker?.stop(),
  }
}

async function copyByPsql(psql: string) {
  const began = performance.now()
  const copy = `\\copy (${query}) to '${file}' with (format csv, header)`
  const { exited, stderr } = Bun.spawn([psql, rig.env.DATABASE_URL, "-qXc", copy], { stderr: "pipe" })
  if ((await exited) !== 0) throw new Error(`psql: ${await new Response(stderr).text()}`)
  return performance.now() - began
}
