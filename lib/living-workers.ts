import type { RedisClient } from "./redis/connect.ts"

/** Where the processes of workers say that they live. */
const KEY = "esteira:workers"

/** Milliseconds between two words of a process. */
export const HEARTBEAT = 60_000

/** Milliseconds without a word after which a process has gone. */
const SILENCE = 2.5 * HEARTBEAT

/** Milliseconds for which the word of a process that has gone is kept. */
const REMEMBERED = 3_600_000

/** A process of a worker. */
export interface LivingWorker {
  id: string
  host: string
  /** The queues it takes runs from. */
  queues: string[]
  /** Milliseconds since 1970. */
  startedAt: number
}

/** By the clock of Redis, since those of the processes may differ. What has gone long ago is swept out on the way. */
const SAY = `
local now = redis.call("TIME")[1] * 1000
if ARGV[4] == "sweep" then
  local said = redis.call("HGETALL", KEYS[1])
  for place = 1, #said, 2 do
    if now - cjson.decode(said[place + 1]).at > tonumber(ARGV[3]) then redis.call("HDEL", KEYS[1], said[place]) end
  end
end
redis.call("HSET", KEYS[1], ARGV[1], '{"at":' .. string.format("%.0f", now) .. ',"worker":' .. ARGV[2] .. "}")`

const LISTEN = `
local said = redis.call("HVALS", KEYS[1])
said[#said + 1] = string.format("%.0f", redis.call("TIME")[1] * 1000)
return said`

/** Say that this process lives, and have what others left behind swept out if asked to. */
export const sayAlive = (client: RedisClient, worker: LivingWorker, sweep = false) =>
  client.eval(SAY, 1, KEY, worker.id, JSON.stringify(worker), REMEMBERED, sweep ? "sweep" : "")

/** Say that this process is about to go. */
export const sayGone = (client: RedisClient, id: string) => client.hdel(KEY, id)

/** The processes of workers that have been heard of in the last two and a half minutes. */
export async function livingWorkers(client: RedisClient): Promise<LivingWorker[]> {
  const said = (await client.eval(LISTEN, 1, KEY)) as string[]
  const now = Number(said.pop())
  return said
    .map((text) => JSON.parse(text) as { at: number; worker: LivingWorker })
    .filter(({ at }) => now - at < SILENCE)
    .map(({ worker }) => worker)
}
