/**
 * The breaker is a hash that is there while it is open: `until` (milliseconds since 1970) and `why`; after that, while somebody
 * probes, the `probe`'s token, and when it is given up as lost (`lost`).
 */

/** ARGV: now, a token, how long a probe may take. Tells the state; in `probe`, the token is that of the probe. */
export const ENTER = `
local open = redis.call("HMGET", KEYS[1], "until", "why", "lost")
if not open[1] then return {"closed"} end
local now = tonumber(ARGV[1])
if now < tonumber(open[1]) then return {"open", open[1], open[2]} end
if open[3] and now < tonumber(open[3]) then return {"probing"} end
redis.call("HSET", KEYS[1], "probe", ARGV[2], "lost", now + tonumber(ARGV[3]))
return {"probe"}`

/** ARGV: until when, and why. What was open for longer stays so; a probe under way no longer counts. */
export const OPEN = `
local known = tonumber(redis.call("HGET", KEYS[1], "until") or 0)
if known < tonumber(ARGV[1]) then redis.call("HSET", KEYS[1], "until", ARGV[1], "why", ARGV[2]) end
redis.call("HDEL", KEYS[1], "probe", "lost")`

/** ARGV: the token of the probe that was answered. */
export const CLOSE = `
if redis.call("HGET", KEYS[1], "probe") == ARGV[1] then redis.call("DEL", KEYS[1]) end`

/** ARGV: the token of the probe of which nothing can be told. */
export const RELEASE = `
if redis.call("HGET", KEYS[1], "probe") == ARGV[1] then redis.call("HDEL", KEYS[1], "probe", "lost") end`
