import { askOrWait } from "./ask-or-wait.ts"

/**
 * The key holds when the next request may be made, by Redis' clock. ARGV: milliseconds between two requests, and for how long
 * one would wait. Returns the wait for the turn that was taken; less than nothing when none was, as it would be so long.
 */
const TAKE_TURN = `
local time = redis.call("TIME")
local now = time[1] * 1000 + time[2] / 1000
local free = math.max(now, tonumber(redis.call("GET", KEYS[1]) or 0))
local wait = math.ceil(free - now)
if wait > tonumber(ARGV[2]) then return -wait end
redis.call("SET", KEYS[1], string.format("%.3f", free + ARGV[1]), "PX", wait + math.ceil(ARGV[1]) + 1000)
return wait`

/**
 * Take the next turn to ask somebody, which all workers share under a key, after which the next one comes so many milliseconds
 * later. Returns how long it is away; less than nothing, and none is taken, when that is longer than one has patience for. Throws
 * RetryLater while Redis is away.
 */
export const takeTurn = (key: string, interval: number, patience: number) =>
  askOrWait((client) => client.eval(TAKE_TURN, 1, key, interval, patience) as Promise<number>)
