import postgres from "postgres"
import { v7 as uuidv7 } from "uuid"
import { NORMAL_PRIORITY } from "../lib/priority.ts"
import { closeQueues, closeRedis, queueClient, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { child } from "./children.ts"
import { interleaved, numbers, quantile, ratio, tell, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"
import { job } from "./work.ts"

// Runs per second through our worker, all of it on, against a bare BullMQ worker on the same runtime, and one that checks payloads and keeps rows and does nothing else.
const { runs, rounds } = numbers({ runs: 100_000, rounds: 5 })
const rig = await startRig()
Object.assign(process.env, rig.env)
await untilReady(queueClient())
const sql = postgres(rig.env.DATABASE_URL, { max: 1 })

for (const milliseconds of [0, 10]) {
  const side = (file: string) => async () => {
    await fill(milliseconds)
    await sql`truncate runs`
    const worker = child<number>(file, rig.env, [String(runs)])
    const rate = await worker.next()
    await worker.over()
    return rate
  }
  const { bullmq, kept, ours } = await interleaved(rounds, {
    bullmq: side("peers/raw-worker.ts"),
    kept: side("peers/kept-worker.ts"),
    ours: side("our-worker.ts"),
  })
  const what = milliseconds ? `${milliseconds} ms` : "no-op"
  tell(`BullMQ, ${what}`, bullmq, "runs/s")
  tell(`BullMQ that checks and keeps, ${what}`, kept, "runs/s")
  tell(`ours, ${what}`, ours, "runs/s")
  verdict(`ours / BullMQ, ${what}`, quantile(ours) / quantile(bullmq), ">=", 0.85)
  ratio(`checks and keeps / BullMQ, ${what}`, kept, bullmq)
  ratio(`ours / checks and keeps, ${what}`, ours, kept)
}

await closeQueues()
await closeRedis()
await sql.end()
await rig.stop()

/** The same runs with the same options for either side, as the door would have them. */
async function fill(milliseconds: number) {
  const CHUNK = 1_000
  await queueClient().flushall()
  for (let filled = 0; filled < runs; filled += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, runs - filled) }, () => ({
      name: job.name,
      data: { ...job.example, milliseconds },
      opts: { jobId: uuidv7(), priority: NORMAL_PRIORITY },
    }))
    await queueOf(job).addBulk(chunk)
  }
}
