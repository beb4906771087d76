import { Queue, Worker } from "bullmq"
import { jobs, perform } from "../idle-work.ts"

const { hostname: host, port } = new URL(process.env.REDIS_URL!)
const connection = { host, port: Number(port) }

for (const { name } of jobs) {
  const queue = new Queue(name, { connection })
  await queue.upsertJobScheduler("daily", { pattern: "12 3 * * *" })
  new Worker(name, (job) => perform(job.data, job), { connection })
}
process.send!({ up: true })
