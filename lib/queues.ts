import { Queue } from "bullmq"
import type { JobDefinition } from "./jobs/define.ts"
import { createLog } from "./log.ts"
import { askRedis } from "./redis/ask.ts"
import { connectRedis, type RedisClient } from "./redis/connect.ts"
import { isRedisAway } from "./redis/errors.ts"
import { repeatStrategy } from "./schedules/slots.ts"

const HOUR = 3_600
const DAY = 24 * HOUR

/** What Redis keeps of runs that have ended, in seconds and in number, and of their log; the ledger keeps them longer. */
export const KEPT = { completed: { age: DAY, count: 1_000 }, failed: { age: 7 * DAY }, lines: 200 }

/** The keys of a queue: all in one slot of a cluster, and the same everywhere else. */
export const prefixOf = (queue: string) => `bull:{${queue}}`

/** The key of a run by its id, or of what else is a queue's: `wait`, `failed`, … */
export const queueKey = (queue: string, part: string) => `${prefixOf(queue)}:${queue}:${part}`

let client: RedisClient | undefined
const opened = new Map<string, Queue>()

/** The connection all queues of this process share, opened at first use. */
export function queueClient(): RedisClient {
  client ??= connectRedis("producer")
  return client
}

/** The queue of a job, opened once. */
export function queueOf(job: JobDefinition): Queue {
  const queue = opened.get(job.name) ?? open(job)
  opened.set(job.name, queue)
  return queue
}

/** Ask something of a queue. Throws RedisUnavailable when Redis has not answered in time. */
export const onQueue = <T>(job: JobDefinition, ask: (queue: Queue) => Promise<T>): Promise<T> =>
  onRedis(() => ask(queueOf(job)))

/** Ask something of Redis itself. Throws RedisUnavailable when it has not answered in time. */
export const onRedis = <T>(ask: (client: RedisClient) => Promise<T>): Promise<T> =>
  askRedis(queueClient(), ask)

/** Close the queues of this process; the runs in them stay. */
export async function closeQueues() {
  const queues = [...opened.values()]
  opened.clear()
  await Promise.all(queues.map((queue) => queue.close()))
}

/** Close the connection of the queues, once these are closed. */
export async function closeRedis() {
  client?.disconnect()
  client = undefined
}

function open(job: JobDefinition) {
  const queue = new Queue(job.name, {
    connection: queueClient(),
    prefix: prefixOf(job.name),
    settings: { repeatStrategy },
  })
  const log = createLog("QueueManager")
  // The connection says itself when Redis is away.
  queue.on("error", (error) => isRedisAway(error) || log.error(`Queue '${job.name}'`, { error }))
  // BullMQ asks Redis once for its version; were the answer lost, every later call on this queue would fail with it.
  queue.waitUntilReady().catch(() => opened.get(job.name) === queue && opened.delete(job.name))
  return queue
}
