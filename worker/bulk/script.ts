import { removeJob } from "bullmq/dist/esm/scripts/removeJob-2.js"
import { reprocessJob } from "bullmq/dist/esm/scripts/reprocessJob-9.js"
import type { BulkAction } from "../../lib/bulk.ts"
import { CANCEL_KEYS, CANCEL_SCRIPT } from "../../lib/cancel.ts"

interface Script {
  /** What is done to one run. */
  content: string
  /** The keys of the queue that it takes after the run's own. */
  keys: string[]
  /** How the script that goes through the runs calls it, and what it makes of the answer. */
  call: string
}

/** Retrying and removing are BullMQ's own scripts for one run: its script to retry many knows nothing of priorities. */
const SCRIPTS: Record<BulkAction, Script> = {
  retry: {
    content: reprocessJob.content,
    keys: ["events", "failed", "wait", "meta", "active", "marker", "prioritized", "pc"],
    call: `act(keysOf(run), { id, "LPUSH", "failedReason", "failed", "0", "0" }) == 1 and "retried" or "skipped"`,
  },
  remove: {
    content: removeJob.content,
    keys: ["repeat"],
    call: `act(keysOf(run), { id, "1", prefix }) == 1 and "removed" or "skipped"`,
  },
  cancel: { content: CANCEL_SCRIPT, keys: CANCEL_KEYS, call: `act(keysOf(run), { id, reason, now })` },
}

/** The keys that the script itself looks at, to tell where a run stands. */
const STANDING = ["failed", "completed", "delayed", "prioritized", "active", "wait"]

/** The keys of a queue that an action's script takes, between that of the operation and those of the runs. */
export const keysOf = (action: BulkAction) => [...STANDING, ...SCRIPTS[action].keys]

/**
 * Act on runs of a queue that stand where they are to, and answer what became of each. It is kept with the step, and answered
 * again when the same step comes once more: whoever died before it was written down, and whoever was left behind by others, acts
 * on no run a second time. A step that is over is refused.
 */
export const scriptOf = (action: BulkAction) => {
  const { content, keys, call } = SCRIPTS[action]
  return `
local operation = KEYS[1]
local step, lasting, prefix, standing, reason, now = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local first = ${1 + STANDING.length + keys.length}

local function act(KEYS, ARGV)
${content}
end

local function keysOf(run)
  local keys = { run }
  for place = ${2 + STANDING.length}, first do keys[#keys + 1] = KEYS[place] end
  return keys
end

local function standingOf(run, id)
  if redis.call("ZSCORE", KEYS[2], id) then
    local why = redis.call("HGET", run, "failedReason")
    return why and string.sub(why, 1, 13) == "Cancelled by " and "cancelled" or "failed"
  end
  if redis.call("ZSCORE", KEYS[3], id) then return "completed" end
  if redis.call("ZSCORE", KEYS[4], id) then return "delayed" end
  if redis.call("ZSCORE", KEYS[5], id) then return "waiting" end
  if redis.call("LPOS", KEYS[6], id) then return "active" end
  return redis.call("LPOS", KEYS[7], id) and "waiting" or "nowhere"
end

local held = tonumber(redis.call("HGET", operation, "step") or "-1")
if step < held then return redis.error_reply("STALE the step is over") end
if step > held then
  redis.call("DEL", operation)
  redis.call("HSET", operation, "step", step)
  redis.call("EXPIRE", operation, lasting)
end

local outcomes = {}
for place = first + 1, #KEYS do
  local run, id = KEYS[place], ARGV[place - first + 6]
  local outcome = redis.call("HGET", operation, id)
  if not outcome then
    if redis.call("EXISTS", run) == 0 then
      outcome = "gone"
    elseif string.find(standing, "," .. standingOf(run, id) .. ",", 1, true) then
      outcome = ${call}
    else
      outcome = "skipped"
    end
    redis.call("HSET", operation, id, outcome)
  end
  outcomes[#outcomes + 1] = outcome
end
return outcomes`
}
