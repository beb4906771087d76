import { closePool, pool } from "../db/pool.ts"
import { recordRuns } from "../db/runs.ts"
import { jobs } from "../lib/jobs/index.ts"
import { startService } from "../sandbox/service.ts"
import { drawRows } from "./ledger-data.ts"
import { interleaved, numbers, quantile, tell, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// Searches of the ledger over HTTP, page 1 and page 1,000; and what the indexes they need cost whoever records runs.
const { rows, times, pages, inserted, rounds } = numbers({
  rows: 1_000_000,
  times: 100,
  pages: 1_000,
  inserted: 60_000,
  rounds: 5,
})
const BATCH = 500
const rig = await startRig()
Object.assign(process.env, rig.env)
const fresh = Array.from({ length: inserted / BATCH }, (_, batch) => drawRows(batch * BATCH, BATCH, inserted))

const { without, with: kept } = await interleaved(rounds, {
  without: () => recorded("drop index runs_uncompleted, runs_uncompleted_of_queue"),
  with: () => recorded(),
})
tell("recorded without", without, "rows/s")
tell("recorded with indexes", kept, "rows/s")
verdict("recorded with / without", quantile(kept) / quantile(without), ">=", 0.95)

await pool()`truncate runs`
for (let from = 0; from < rows; from += BATCH) await recordRuns(drawRows(from, BATCH, rows), pool())
await pool()`vacuum analyze runs`

const api = await (await startService([process.execPath, "api/main.ts"], rig.env)).up()
const queue = jobs[0].name
const day = new Date(Date.now() - 24 * 3_600_000).toISOString()
const searches: Record<string, Record<string, string>> = {
  all: {},
  "a queue": { queue },
  failed: { status: "failed" },
  "failed in a queue": { queue, status: "failed" },
  "since yesterday": { from: day },
  "a rare name": { name: "by-hand" },
  "an error": { "error~": "econnrefused" },
  "an error of nobody": { queue, "error~": "no such error" },
  "a user": { "data.userId": "4711" },
  "a user's failures": { status: "failed", "data.userId": "4711" },
  nobody: { "data.inner.contractId": "-1" },
  "all at once": {
    queue,
    status: "failed",
    name: "send-email",
    from: day,
    "error~": "503",
    "data.locale": "en",
  },
}
for (const [name, search] of Object.entries(searches)) {
  const taken: number[] = []
  for (let time = 0; time < times; time++) taken.push((await page(search)).milliseconds)
  verdict(`p95, ${name}`, quantile(taken, 0.95), "<=", 150, " ms")
}

for (const [name, search] of Object.entries({
  all: {},
  "a queue": { queue },
  failed: { status: "failed" },
})) {
  const taken: number[] = []
  let cursor: string | null = null
  for (let place = 0; place < pages; place++) {
    const { milliseconds, next }: Page = await page({ ...search, ...(cursor && { cursor }) })
    taken.push(milliseconds)
    if (!next) break
    cursor = next
  }
  const some = Math.min(50, taken.length / 4)
  console.log(`${name}: ${taken.length} pages`)
  verdict(
    `last pages / first, ${name}`,
    quantile(taken.slice(-some)) / quantile(taken.slice(0, some)),
    "<=",
    1.5,
  )
}

await api.stop()
await closePool()
await rig.stop()

/** Rows recorded a second, with indexes or without. */
async function recorded(without?: string) {
  const done = new Error("measured")
  let rate = 0
  // Undone at the end, and with it what was dropped.
  await pool()
    .begin(async (tx) => {
      await tx`truncate runs`
      if (without) await tx.unsafe(without)
      const began = performance.now()
      for (const batch of fresh) await recordRuns(batch, tx)
      rate = inserted / ((performance.now() - began) / 1_000)
      throw done
    })
    .catch((error) => {
      if (error !== done) throw error
    })
  return rate
}

interface Page {
  milliseconds: number
  next: string | null
}

async function page(search: Record<string, string>): Promise<Page> {
  const began = performance.now()
  const response = await fetch(`${api.url}/api/admin/runs?${new URLSearchParams(search)}`, {
    headers: { authorization: `Bearer ${rig.env.ADMIN_API_KEY}` },
  })
  const { next, error } = (await response.json()) as { next: string | null; error?: string }
  if (!response.ok) throw new Error(`${JSON.stringify(search)}: ${error}`)
  return { milliseconds: performance.now() - began, next }
}
