import { type Answer, failed } from "./client/answer.ts"
import { aborted, call, mayPass, type Settings, slept, TIMEOUT } from "./client/call.ts"
import type { Run } from "./client/run.ts"
import type { EnqueueOptions } from "./enqueue-options.ts"
import type { JobCalled, JobInput, QueueAlias } from "./jobs/index.ts"

export type { Answer, Failure } from "./client/answer.ts"
export type { Ended, Run } from "./client/run.ts"
export { type Callback, verifyCallback } from "./client/verify.ts"

type Data<Queue extends QueueAlias> = JobInput<JobCalled<Queue>>

interface Asking {
  /** Ends the call when it is aborted. */
  signal?: AbortSignal | undefined
}

interface Enqueuing extends Asking {
  /** What makes another call the same one, for 24 hours; one of this call's own unless given. */
  idempotencyKey?: string | undefined
}

interface Waiting extends Asking {
  /** Milliseconds to wait for the run to end. */
  within?: number
}

/** A run that was asked for. */
export interface Asked {
  jobId: string
  queue: string
  /** `accepted`: kept until Redis is back. */
  status: "enqueued" | "accepted"
  /** Where its status is told, below the API's URL. */
  statusUrl: string
}

const FIRST_LOOK = 250
const LAST_LOOK = 5_000
const ENDED = ["completed", "failed", "cancelled"]

/** The API from where nothing but `fetch` is: edge functions, isolates, Node, Deno, Bun. */
export function createClient(settings: Settings) {
  const to = (queue: string, rest = "") => `/api/jobs/${encodeURIComponent(queue)}${rest}`
  const of = (queue: string, id: string, rest = "") => to(queue, `/${encodeURIComponent(id)}${rest}`)

  const ask = <T>(path: string, body: unknown, { signal, idempotencyKey = crypto.randomUUID() }: Enqueuing) =>
    call<T>(settings, { path, body, idempotencyKey, signal })

  return {
    /** Ask for a run. */
    enqueue: <Queue extends QueueAlias>(
      queue: Queue,
      data: Data<Queue>,
      { idempotencyKey, signal, ...options }: EnqueueOptions & Enqueuing = {},
    ) => ask<Asked>(to(queue), { data, options }, { idempotencyKey, signal }),

    /** Ask for as many as 1,000 runs, all or none. */
    batch: <Queue extends QueueAlias>(
      queue: Queue,
      jobs: { data: Data<Queue>; options?: EnqueueOptions }[],
      asking: Enqueuing = {},
    ) => ask<{ jobIds: string[] }>(to(queue, "/batch"), { jobs }, asking),

    /** What is known of a run. */
    status: <Queue extends QueueAlias>(queue: Queue, id: string, { signal }: Asking = {}) =>
      call<Run<Queue>>(settings, { path: of(queue, id), signal }),

    /** A run once it has ended, whatever came of it; or a failure of kind `timeout`. */
    async wait<Queue extends QueueAlias>(
      queue: Queue,
      id: string,
      { within = 60_000, signal }: Waiting = {},
    ): Promise<Answer<Run<Queue>>> {
      const path = of(queue, id)
      const deadline = Date.now() + within
      for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.5, LAST_LOOK)) {
        const timeout = Math.min(settings.timeout ?? TIMEOUT, Math.max(deadline - Date.now(), FIRST_LOOK))
        const answer = await call<Run<Queue>>({ ...settings, timeout }, { path, signal })
        const isOver = answer.ok ? ENDED.includes(answer.value.status) : !mayPass(answer.error)
        if (isOver) return answer
        const left = deadline - Date.now()
        if (left <= 0) return answer.ok ? stillGoing(answer.value, within) : answer
        if (!(await slept(Math.min(pause, left), signal))) return aborted(path)
      }
    },

    /** End a run; `cancelling`: its worker has been told. A failure of kind `conflict` when it has ended. */
    cancel: (queue: QueueAlias, id: string, { reason, signal }: Asking & { reason?: string } = {}) =>
      call<{ status: "cancelled" | "cancelling"; message: string }>(settings, {
        path: of(queue, id, "/cancel"),
        body: { reason },
        signal,
      }),
  }
}

const stillGoing = ({ queue, jobId, status }: Run<QueueAlias>, within: number) =>
  failed({
    kind: "timeout",
    message: `Run ${jobId} on queue ${queue} is still ${status} after ${within} ms: look later, or have it tell a callbackUrl`,
  })
