import { startWorkers } from "../worker/workers.ts"
import { jobs, perform } from "./idle-work.ts"

startWorkers(jobs.map((job) => ({ job, processor: perform })))
process.send!({ up: true })
