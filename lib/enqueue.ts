import { v7 as uuidv7 } from "uuid"
import { z } from "zod"
import {
  EnqueueUnconfirmed,
  PayloadError,
  PayloadTooLarge,
  type Problem,
  RedisUnavailable,
} from "./errors.ts"
import type { JobDefinition, Json } from "./jobs/define.ts"
import type { JobInput } from "./jobs/index.ts"
import { NORMAL_PRIORITY, priority } from "./priority.ts"
import { onQueue } from "./queues.ts"

/** Bytes of JSON a payload may have; larger things travel as storage keys. */
export const PAYLOAD_LIMIT = 64 * 1024

const LONGEST_DELAY = 365 * 24 * 3_600_000

/** What may be asked of a run, whatever its job. */
export const enqueueOptions = z.strictObject({
  delay: z
    .number()
    .nonnegative()
    .max(LONGEST_DELAY)
    .transform(Math.round)
    .optional()
    .describe("milliseconds to wait first"),
  priority: priority.optional().describe("1 (first) to 10 (last), or high, normal, low"),
  attempts: z.int().min(1).max(25).optional().describe("times the run is tried before it has failed"),
})

export type EnqueueOptions = z.input<typeof enqueueOptions>

/** A run as it goes into Redis, or, when that is away, into the outbox: under the same id. */
export interface QueuedRun {
  id: string
  queue: string
  name: string
  payload: Json
  options: { priority: number; delay?: number; attempts?: number; askedBy?: string }
}

/** Keeps runs that Redis did not confirm, until a relay moves them there. */
export interface Outbox {
  add(run: QueuedRun): Promise<void>
}

/** What is said of a run beside its options. */
interface Asking {
  /** A label of its own. */
  name?: string
  outbox?: Outbox
  id?: string
  /** Who asks, as the audit log names them. */
  askedBy?: string
}

export interface Enqueued {
  id: string
  queue: string
  name: string
  /** `accepted`: safe in the outbox, to be enqueued when Redis is back. */
  status: "enqueued" | "accepted"
}

/**
 * Ask for a run. The only way in. A run with the `id` of one that Redis holds is not asked for again.
 * Throws PayloadError (data or options not what the job takes), PayloadTooLarge, EnqueueUnconfirmed (neither Redis nor an outbox took it).
 */
export async function enqueue<J extends JobDefinition>(
  job: J,
  data: JobInput<J>,
  options: EnqueueOptions = {},
  { name = job.name, outbox, id = uuidv7(), askedBy }: Asking = {},
): Promise<Enqueued> {
  const run = prepare(job, data, options, { id, name, askedBy })
  const enqueued = { id: run.id, queue: run.queue, name: run.name }
  try {
    await onQueue(job, (queue) => queue.add(name, run.payload, { jobId: run.id, ...run.options }))
    return { ...enqueued, status: "enqueued" }
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error
    if (!outbox) throw new EnqueueUnconfirmed(run.id, error.cause)
    await outbox.add(run).catch((cause) => {
      throw new EnqueueUnconfirmed(run.id, cause)
    })
    return { ...enqueued, status: "accepted" }
  }
}

function prepare(
  job: JobDefinition,
  data: unknown,
  options: unknown,
  { id, name, askedBy }: { id: string; name: string; askedBy: string | undefined },
): QueuedRun {
  const { delay, attempts, ...asked } = parse(
    enqueueOptions,
    options,
    `Bad options for ${job.name}`,
    "options",
  )
  const { payload, priority } = normalise(job, data)
  const json = JSON.stringify(payload)
  // Only what may have a NUL is walked for it: its escape can also be the text of one.
  const nul = json.includes("\\u0000") ? pathToNul(payload) : undefined
  if (nul !== undefined) {
    throw new PayloadError(`Bad payload for ${job.name}`, [
      { path: nul, message: "a text without NUL characters" },
    ])
  }
  // A character has three bytes at most: what is short is not counted.
  const bytes = json.length * 3 > PAYLOAD_LIMIT ? new TextEncoder().encode(json).byteLength : 0
  if (bytes > PAYLOAD_LIMIT) {
    throw new PayloadTooLarge(
      `The payload for ${job.name} has ${bytes} bytes and the limit is ${PAYLOAD_LIMIT}: store large things and send their storage keys`,
    )
  }
  return {
    id,
    queue: job.name,
    name,
    payload: payload as Json,
    options: {
      priority: asked.priority ?? priority ?? NORMAL_PRIORITY,
      ...(delay === undefined ? {} : { delay }),
      ...(attempts === undefined ? {} : { attempts }),
      ...(askedBy === undefined ? {} : { askedBy }),
    },
  }
}

/** Where a text with a NUL character stands, which PostgreSQL takes nowhere. */
function pathToNul(value: unknown, path: string[] = []): string | undefined {
  if (typeof value === "string") return value.includes("\0") ? path.join(".") : undefined
  if (typeof value !== "object" || value === null) return undefined
  for (const [key, item] of Object.entries(value)) {
    const found = key.includes("\0") ? path.join(".") : pathToNul(item, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}

function normalise({ name, payload, accepts }: JobDefinition, data: unknown) {
  const subject = `Bad payload for ${name}`
  if (!accepts) return { payload: parse(payload, data, subject), priority: undefined }
  const normalised = accepts.normalise(parse(accepts.input, data, subject))
  return { ...normalised, payload: parse(payload, normalised.payload, subject) }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  subject: string,
  root = "",
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new PayloadError(subject, problemsOf(parsed.error, root))
}

/** What zod found wrong, with dotted paths. */
export const problemsOf = (error: z.ZodError, root = ""): Problem[] =>
  error.issues.map(({ path, message }) => ({ path: [...(root ? [root] : []), ...path].join("."), message }))
