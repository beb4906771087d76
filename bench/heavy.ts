import { closePool } from "../db/pool.ts"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { dataExport } from "../lib/jobs/export.ts"
import { report } from "../lib/jobs/report.ts"
import { closeQueues, closeRedis, queueOf } from "../lib/queues.ts"
import { startResend } from "../sandbox/resend/simulator.ts"
import { startService } from "../sandbox/service.ts"
import { until } from "../sandbox/until.ts"
import { COLUMNS, drawLeads } from "./export-data.ts"
import { CHARGED, drawCharges } from "./heavy-data.ts"
import { numbers, quantile, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// How long mail waits, and how late the event loop is, while a worker makes three exports and three reports over and over.
const { rows, seconds, apart } = numbers({ rows: 1_000_000, seconds: 60, apart: 100 })
const rig = await startRig()
const resend = startResend()
const key = "est_a_key_for_the_metrics"
Object.assign(process.env, rig.env, {
  RESEND_API_KEY: resend.key,
  RESEND_BASE_URL: resend.url,
  RESEND_REQUESTS_PER_SECOND: "1000",
  METRICS_KEY: key,
})
await drawLeads(rows)
await drawCharges(1)

const worker = await startService([process.execPath, "worker/main.ts"], { LOG_LEVEL: "warn" })
await worker.up()

console.log("A worker that has nothing else to do")
await measure(Math.min(seconds, 10))

console.log(`A worker with three exports of ${rows} rows and three reports of 5,000 under way`)
let stopped = false
const load = Promise.all([
  ...(["xlsx", "csv", "json"] as const).map((format) =>
    repeat(() =>
      enqueue(dataExport, { tables: ["leads"], columns: COLUMNS, format, archive: format === "json" }),
    ),
  ),
  ...Array.from({ length: 3 }, () =>
    repeat(() =>
      enqueue(report, { type: "custom", ...CHARGED, format: "pdf", agencyId: 1, content: ["rental"] }),
    ),
  ),
])
await until(async () => (await active(dataExport)) === 3 && (await active(report)) > 0, 30_000)
const [picked, late] = await measure(seconds)
stopped = true
const done = await load
console.log(`of each were made: ${done.join(" ")}`)
verdict("mail waits (p95)", picked, "<=", 250, " ms")
verdict("event loop is late (p99)", late, "<=", 150, " ms")

await worker.stop()
await closeQueues()
await closeRedis()
await closePool()
await resend.stop()
await rig.stop()

/** Ask for mail for so many seconds; how long it waited to be taken up, and how late the event loop was, in milliseconds. */
async function measure(seconds: number) {
  await metrics()
  const ids: string[] = []
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end) {
    const { id } = await enqueue(email, {
      to: `p${ids.length}@example.com`,
      template: "welcome",
      data: { userName: "Ana" },
    })
    ids.push(id)
    await Bun.sleep(apart)
  }
  const late = await metrics()
  const waits: number[] = []
  for (const id of ids) waits.push(await waited(id))
  console.log(
    `${ids.length} mails waited ${quantile(waits).toFixed(0)} ms (p50), ${quantile(waits, 0.95).toFixed(0)} ms (p95), ${Math.max(...waits)} ms at most; the event loop was late by ${late.toFixed(0)} ms (p99)`,
  )
  return [quantile(waits, 0.95), late] as const
}

async function waited(id: string): Promise<number> {
  let wait: number | undefined
  await until(async () => {
    const run = await queueOf(email).getJob(id)
    if (run?.finishedOn) wait = run.processedOn! - run.timestamp
    return wait !== undefined
  }, 60_000)
  if (wait === undefined) throw new Error(`The mail ${id} was not sent within a minute`)
  return wait
}

/** How late the worker's event loop was since it was asked last: milliseconds, all but for the worst hundredth. */
async function metrics(): Promise<number> {
  const response = await fetch(`${worker.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  const [, value] = /^esteira_event_loop_delay_p99_seconds (\S+)$/m.exec(await response.text()) ?? []
  if (value === undefined) throw new Error(`The worker answers ${response.status} when asked for its metrics`)
  return Number(value) * 1_000
}

function active(job: typeof dataExport | typeof report) {
  return queueOf(job as never).getActiveCount()
}

/** Ask for another run when one has ended, until it is enough; how many were made. */
async function repeat(ask: () => Promise<{ id: string; queue: string }>) {
  let made = 0
  while (!stopped) {
    const { id, queue } = await ask()
    const of = queueOf([dataExport, report].find(({ name }) => name === queue) as never)
    await until(async () => Boolean((await of.getJob(id))?.finishedOn), 300_000)
    const { failedReason } = (await of.getJob(id))!
    if (failedReason) throw new Error(failedReason)
    made++
  }
  return made
}
