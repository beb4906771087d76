import { Worker } from "bullmq"
import { KEPT, prefixOf } from "../../lib/queues.ts"
import { createClock } from "../clock.ts"
import { job, perform } from "../work.ts"

const { hostname: host, port } = new URL(process.env.REDIS_URL!)
const worker = new Worker(job.name, ({ data }) => perform(data), {
  connection: { host, port: Number(port) },
  prefix: prefixOf(job.name),
  concurrency: job.concurrency,
  removeOnComplete: KEPT.completed,
  removeOnFail: KEPT.failed,
})
const tick = createClock(Number(process.argv[2]), (rate) => {
  process.send!(rate)
  void worker.close().then(() => process.exit(0))
})
worker.on("completed", tick)
