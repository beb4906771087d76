import { Worker } from "bullmq"
import { prefixOf } from "../../lib/queues.ts"
import { job, perform } from "../work.ts"

const runs = Number(process.argv[2])
const { hostname: host, port } = new URL(process.env.REDIS_URL!)
let done = 0

const began = performance.now()
const worker = new Worker(job.name, ({ data }) => perform(data), {
  connection: { host, port: Number(port) },
  prefix: prefixOf(job.name),
  concurrency: job.concurrency,
})
worker.on("completed", () => {
  if (++done < runs) return
  process.send!(runs / ((performance.now() - began) / 1_000))
  void worker.close().then(() => process.exit(0))
})
