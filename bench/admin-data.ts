import type { Redis } from "ioredis"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { queueKey } from "../lib/queues.ts"

/** Runs written in one script. */
const BATCH = 10_000

/** Of twenty runs, those in each state; what is left over waits. */
const SHARES = { completed: 4, failed: 8, delayed: 1 }

/** Runs as BullMQ keeps them, one after another: of those that have ended, a hundred in each millisecond. */
const SCRIPT = `
local base, from, to, now, name, data = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local completed, failed, delayed = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
for number = from, to - 1 do
  local id = string.format("01900000-0000-7000-8000-%012d", number)
  local at = string.format("%.0f", now - 3600000 + math.floor(number / 100))
  local run = base .. id
  redis.call("HSET", run, "name", name, "data", data, "opts", '{"priority":5}', "timestamp", at, "priority", 5)
  local share = number % 20
  if share < completed then
    redis.call("HSET", run, "processedOn", at, "finishedOn", at, "atm", 1, "returnvalue", '{"sent":1}')
    redis.call("ZADD", base .. "completed", at, id)
  elseif share < completed + failed then
    redis.call("HSET", run, "processedOn", at, "finishedOn", at, "atm", 3, "failedReason", "Resend does not answer")
    redis.call("ZADD", base .. "failed", at, id)
  elseif share < completed + failed + delayed then
    redis.call("ZADD", base .. "delayed", (now + 86400000) * 4096 + number, id)
  else
    redis.call("ZADD", base .. "prioritized", 5 * 4294967296 + number, id)
  end
end`

/** Have a queue hold so many runs, in every state but active. */
export async function fillQueue(redis: Redis, { name, example }: JobDefinition, runs: number) {
  const shares = [SHARES.completed, SHARES.failed, SHARES.delayed]
  for (let from = 0; from < runs; from += BATCH) {
    const to = Math.min(runs, from + BATCH)
    const base = queueKey(name, "")
    await redis.eval(SCRIPT, 1, base, from, to, Date.now(), name, JSON.stringify(example), ...shares)
  }
}
