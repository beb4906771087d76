import type { DeduplicationOptions, Queue } from "bullmq"
import { v7 as uuidv7 } from "uuid"
import type { z } from "zod"
import { type EnqueueOptions, enqueueOptions } from "./enqueue-options.ts"
import {
  EnqueueUnconfirmed,
  PayloadError,
  PayloadTooLarge,
  type Problem,
  RedisUnavailable,
} from "./errors.ts"
import type { JobDefinition, Json } from "./jobs/define.ts"
import type { JobInput } from "./jobs/index.ts"
import { pathToNul } from "./path-to-nul.ts"
import { NORMAL_PRIORITY } from "./priority.ts"
import { onQueue } from "./queues.ts"

const NO_OPTIONS: z.output<typeof enqueueOptions> = {}

/** Bytes of JSON a payload may have; larger things travel as storage keys. */
export const PAYLOAD_LIMIT = 64 * 1024

/** A run as it goes into Redis, or, when that is away, into the outbox: under the same id. */
export interface QueuedRun {
  id: string
  queue: string
  name: string
  payload: Json
  options: {
    priority: number
    delay?: number
    attempts?: number
    askedBy?: string
    deduplication?: DeduplicationOptions
    callbackUrl?: string
  }
}

/** Keeps runs that Redis did not confirm, until a relay moves them there. */
export interface Outbox {
  add(runs: QueuedRun[]): Promise<void>
}

/** What is said of a run beside its options. */
export interface Asking {
  /** A label of its own. */
  name?: string
  outbox?: Outbox
  id?: string
  /** Who asks, as the audit log names them. */
  askedBy?: string | undefined
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
  options?: EnqueueOptions,
  { outbox, ...asking }: Asking = {},
): Promise<Enqueued> {
  const run = prepareRun(job, data, options, asking)
  const [enqueued] = await put(job, [run], outbox, async (queue) => [
    await queue.add(run.name, run.payload, { jobId: run.id, ...run.options }),
  ])
  return enqueued!
}

/** Bring runs of a job into its queue by `add`, all or none; while Redis is away, into the outbox. Throws EnqueueUnconfirmed. */
export async function put(
  job: JobDefinition,
  runs: QueuedRun[],
  outbox: Outbox | undefined,
  add: (queue: Queue) => Promise<{ id?: string | undefined }[]>,
): Promise<Enqueued[]> {
  try {
    const added = await onQueue(job, add)
    return runs.map((run, index) => asEnqueued(run, "enqueued", added[index]?.id))
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error
    if (!outbox) throw new EnqueueUnconfirmed(runs[0]!.id, error.cause)
    await outbox.add(runs).catch((cause) => {
      throw new EnqueueUnconfirmed(runs[0]!.id, cause)
    })
    return runs.map((run) => asEnqueued(run, "accepted"))
  }
}

/** A run of the same deduplication that is there already is the one that the caller has. */
const asEnqueued = (run: QueuedRun, status: Enqueued["status"], id = run.id): Enqueued => ({
  id,
  queue: run.queue,
  name: run.name,
  status,
})

/**
 * A run of a job, checked, with its payload in canonical form. `id` names it in Redis and in the outbox.
 * Throws PayloadError and PayloadTooLarge.
 */
export function prepareRun(
  job: JobDefinition,
  data: unknown,
  options?: unknown,
  { id = uuidv7(), name = job.name, askedBy }: Omit<Asking, "outbox"> = {},
): QueuedRun {
  const { delay, attempts, deduplication, callbackUrl, ...asked } =
    options === undefined
      ? NO_OPTIONS
      : parse(enqueueOptions, options, `Bad options for ${job.name}`, "options")
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
      ...(deduplication === undefined ? {} : { deduplication }),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    },
  }
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
