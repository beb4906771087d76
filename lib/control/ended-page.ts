import type { JobDefinition } from "../jobs/define.ts"
import { onRedis, queueKey } from "../queues.ts"
import type { EndState } from "../runs-outcome.ts"

/** The runs of a queue that have ended in a state. */
export interface Source {
  /** Unique among the sources of a list: runs that ended in the same millisecond are told in its order. */
  name: string
  job: JobDefinition
  state: EndState
}

/** A place in a list: that of the run told last. `at` is milliseconds since 1970. */
export interface Place {
  at: number
  source: string
  id: string
}

/** A run that has ended, and where it stands in its list. */
export interface Ended extends Place {
  job: JobDefinition
  state: EndState
}

/**
 * The newest of the runs of a set after a place, by rank, so that page 1,000 costs what page 1 does. Many may have ended in one
 * millisecond: those are in the order of their bytes, which Lua's own comparison is not, and the place is found by halving.
 */
const SCRIPT = `
local set, limit, at, ties, id = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local function isBefore(one, other)
  for place = 1, math.min(#one, #other) do
    local a, b = string.byte(one, place), string.byte(other, place)
    if a ~= b then return a < b end
  end
  return #one < #other
end
local first = 0
if at ~= "" then
  first = redis.call("ZCOUNT", set, "(" .. at, "+inf")
  if ties ~= "to come" then
    local low, high = 0, redis.call("ZCOUNT", set, at, at)
    if ties == "told" then low = high end
    while low < high do
      local middle = math.floor((low + high) / 2)
      local other = redis.call("ZREVRANGE", set, first + middle, first + middle)[1]
      if isBefore(other, id) then high = middle else low = middle + 1 end
    end
    first = first + low
  end
end
return redis.call("ZREVRANGE", set, first, first + limit - 1, "WITHSCORES")`

/** The runs that have ended last, of all these sources, newest first, after a place or from the newest on. Throws RedisUnavailable. */
export async function endedPage(sources: readonly Source[], limit: number, after?: Place): Promise<Ended[]> {
  const pages = await Promise.all(sources.map((source) => newestOf(source, limit, after)))
  return pages.flat().sort(inOrder).slice(0, limit)
}

async function newestOf({ name, job, state }: Source, limit: number, after?: Place): Promise<Ended[]> {
  const key = queueKey(job.name, state)
  const place = after ? [after.at, tiesOf(name, after.source), after.id] : ["", "", ""]
  const found = (await onRedis((client) => client.eval(SCRIPT, 1, key, limit, ...place))) as string[]
  return Array.from({ length: found.length / 2 }, (_, index) => ({
    id: found[index * 2]!,
    at: Number(found[index * 2 + 1]),
    source: name,
    job,
    state,
  }))
}

/** What has become of a source's runs that ended in the same millisecond as that of a place of another. */
function tiesOf(source: string, other: string) {
  if (source === other) return "halve"
  return source < other ? "told" : "to come"
}

function inOrder(one: Ended, other: Ended) {
  if (one.at !== other.at) return other.at - one.at
  if (one.source !== other.source) return one.source < other.source ? -1 : 1
  return one.id < other.id ? 1 : -1
}
