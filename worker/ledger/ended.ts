import { askerOf } from "../../lib/asker.ts"
import { callbackOf } from "../../lib/callbacks/url.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { queueKey } from "../../lib/queues.ts"
import { redact } from "../../lib/redact.ts"
import type { RedisClient } from "../../lib/redis/connect.ts"
import { type EndState, outcomeOf } from "../../lib/runs-outcome.ts"
import { createTell } from "../../lib/tell.ts"
import { tellAll } from "../../lib/tell-all.ts"
import { type Entry, entryOfRun, textOf } from "./entry.ts"

const FIELDS = [
  "name",
  "priority",
  "data",
  "returnvalue",
  "failedReason",
  "atm",
  "timestamp",
  "processedOn",
  "finishedOn",
  "opts",
] as const

/** What Redis knows of a run that has ended; undefined when it is gone, or under way again. */
export async function readEnded(
  job: JobDefinition,
  state: EndState,
  id: string,
  connection: RedisClient,
): Promise<Entry | undefined> {
  const values = await connection.hmget(queueKey(job.name, id), ...FIELDS)
  const [name, priority, data, result, failedReason, attempts, askedAt, startedAt, finishedAt, options] =
    values
  if (!finishedAt) return undefined
  const isCompleted = state === "completed"
  const payload = parsed(data)
  const tell = createTell(job.payload, payload)
  const shown = redact(job.payload, payload) ?? {}
  return entryOfRun({
    id,
    queue: job.name,
    name: name === job.name ? name : textOf(name ?? "", tell),
    status: isCompleted ? "completed" : outcomeOf(failedReason ?? ""),
    priority: Number(priority ?? 0),
    payload: isCompleted ? shown : tellAll(shown, tell),
    result: isCompleted ? (redact(job.result, parsed(result)) ?? null) : null,
    error: isCompleted ? null : textOf(failedReason ?? "", tell),
    attempts: Number(attempts ?? 0),
    askedAt: Number(askedAt ?? finishedAt),
    startedAt: startedAt ? Number(startedAt) : null,
    finishedAt: Number(finishedAt),
    askedBy: askerOf(parsed(options)),
    callbackUrl: callbackOf(parsed(options)),
  })
}

/** What BullMQ wrote as JSON; what is none came from elsewhere, and is nothing to us. */
function parsed(json: string | null | undefined): unknown {
  try {
    return json ? JSON.parse(json) : null
  } catch {
    return null
  }
}
