import { Worker } from "bullmq"
import postgres from "postgres"
import { KEPT, prefixOf } from "../../lib/queues.ts"
import { createClock } from "../clock.ts"
import { job, perform } from "../work.ts"

// A bare worker with the least that a run of ours has besides: its payload is parsed, and its end is a row, each 500 or 200 ms.
const { hostname: host, port } = new URL(process.env.REDIS_URL!)
const sql = postgres(process.env.DATABASE_URL!, { max: 1 })
let rows: { [column: string]: string | number | null }[] = []
const write = async () => {
  const written = rows
  rows = []
  if (written.length > 0) await sql`insert into runs ${sql(written)}`
}
const writing = setInterval(write, 200)

const worker = new Worker(job.name, ({ data }) => perform(job.payload.parse(data)), {
  connection: { host, port: Number(port) },
  prefix: prefixOf(job.name),
  concurrency: job.concurrency,
  removeOnComplete: KEPT.completed,
  removeOnFail: KEPT.failed,
})
const time = (milliseconds = Date.now()) => new Date(milliseconds).toISOString()
const tick = createClock(Number(process.argv[2]), async (rate) => {
  process.send!(rate)
  clearInterval(writing)
  await worker.close()
  await write()
  process.exit(0)
})
worker.on("completed", ({ id, name, data, returnvalue, attemptsMade, opts, ...run }) => {
  rows.push({
    id: id!,
    queue: job.name,
    name,
    status: "completed",
    priority: opts.priority ?? 0,
    payload: JSON.stringify(data),
    result: JSON.stringify(returnvalue),
    attempts: attemptsMade,
    asked_at: time(run.timestamp),
    started_at: time(run.processedOn),
    finished_at: time(run.finishedOn),
  })
  if (rows.length === 500) void write()
  tick()
})
