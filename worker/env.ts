import { z } from "zod"
import { count, defineEnv } from "../lib/env.ts"

export const workerEnv = defineEnv({
  LOCK_DURATION: count
    .default(30_000)
    .describe("worker: milliseconds for which a run is its own without word from it"),
  STALLED_INTERVAL: count
    .default(25_000)
    .describe("worker: milliseconds between two looks for runs left behind by a worker that died"),
  MAX_STALLED_COUNT: count
    .default(25)
    .describe("worker: times a run may be left behind before it has failed"),
  WORKER_QUEUES: z
    .string()
    .optional()
    .describe("worker: the queues it works on, `email,…`; all when not set"),
})
