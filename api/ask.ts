import { askOnce } from "../db/idempotency-keys.ts"
import { callbackSecret } from "../lib/callbacks/env.ts"
import { digestOf } from "../lib/digest.ts"
import { type Enqueued, enqueue, prepareRun, type QueuedRun } from "../lib/enqueue.ts"
import { prepareMany, putMany } from "../lib/enqueue-many.ts"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { actorOf } from "./access/principal.ts"
import { admit } from "./depth.ts"
import { HttpError } from "./errors.ts"
import { outbox } from "./outbox.ts"
import { parse } from "./parse.ts"
import { fromPostgres } from "./postgres.ts"
import { batchRequest, enqueueRequest } from "./requests.ts"

/** What is told of a run that was asked for. */
const tell = ({ id, queue, status }: Enqueued) => ({
  jobId: id,
  queue,
  status,
  statusUrl: `/api/jobs/${queue}/${id}`,
})

type Headers = Record<string, string | number>

/** Ask for a run as a request says; `headers` are those of its answer. */
export async function askForRun(job: JobDefinition, body: unknown, request: Request, headers: Headers) {
  const { data, options } = parse(enqueueRequest, body)
  const askedBy = actorOf(request)
  const key = keyIn(request)
  if (options?.callbackUrl !== undefined) callbackSecret()
  if (key === undefined) {
    admit(job)
    return tell(await enqueue(job, data as never, options, { askedBy, outbox }))
  }
  const run = prepareRun(job, data, options, { askedBy })
  const [id] = await once({ key, actor: askedBy, asked: [job.name, body] }, job, [run], headers)
  return tell({ id: id!, queue: job.name, name: job.name, status: "accepted" })
}

/** Ask for all the runs that a request lists. */
export async function askForRuns(job: JobDefinition, body: unknown, request: Request, headers: Headers) {
  const { jobs: entries } = parse(batchRequest, body)
  const askedBy = actorOf(request)
  const key = keyIn(request)
  if (entries.some(({ options }) => options?.callbackUrl !== undefined)) callbackSecret()
  const runs = prepareMany(job, entries as never, { askedBy })
  if (key === undefined) {
    admit(job, runs.length)
    const enqueued = await putMany(job, runs, outbox)
    return { jobIds: enqueued.map(({ id }) => id), queue: job.name, status: enqueued[0]!.status }
  }
  const asked = [job.name, "batch", body]
  return {
    jobIds: await once({ key, actor: askedBy, asked }, job, runs, headers),
    queue: job.name,
    status: "accepted",
  }
}

const KEY = /^[\x21-\x7e]{1,255}$/

function keyIn({ headers }: Request): string | undefined {
  const key = headers.get("idempotency-key")
  if (key === null) return undefined
  if (KEY.test(key)) return key
  throw new HttpError(400, "Idempotency-Key: 1 to 255 letters, digits and signs, without spaces or accents")
}

const AWAY =
  "PostgreSQL, which remembers what an Idempotency-Key stands for, does not answer: try again with the same key"

interface Asked {
  key: string
  actor: string
  /** What the key stands for. */
  asked: unknown[]
}

/** The ids of the runs that a key stands for: these, unless it was used before. */
async function once({ key, actor, asked }: Asked, job: JobDefinition, runs: QueuedRun[], headers: Headers) {
  const bodyHash = digestOf(JSON.stringify(asked))
  const kept = await fromPostgres(
    askOnce({ actor, key, bodyHash }, runs, () => admit(job, runs.length)),
    AWAY,
  )
  if (kept === "other")
    throw new HttpError(409, "This Idempotency-Key was used for something else within the last 24 hours")
  if (kept.isReplay) headers["idempotency-replayed"] = "true"
  return kept.ids
}
