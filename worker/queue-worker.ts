import { type JobsOptions, type Processor, Worker, type WorkerOptions } from "bullmq"
import type { JobDefinition } from "../lib/jobs/define.ts"
import { KEPT } from "../lib/queues.ts"
import type { ActiveRun } from "./active-run.ts"

/** Seconds an idle worker waits for a run before it asks again; a new run wakes it at once. */
export const IDLE_WAIT = 45

/** Runs that are taken, or milliseconds that pass, until one of them drops what Redis need not keep of those before it. */
const DROP_AFTER = { runs: 50, time: 1_000 }

/** BullMQ's worker, which also tells what it is at, and when it last looked for a run. */
export class QueueWorker extends Worker {
  /** When it last asked Redis for a run, was given one, or was answered that there is none yet: milliseconds since 1970. */
  lookedAt = Date.now()
  /** Runs taken so far. */
  taken = 0
  /** How many were taken, and when, as the latest run that is to drop old ones was. */
  #dropping = { taken: 0, at: 0 }
  /** The runs under way, oldest first. */
  readonly active: ReadonlySet<ActiveRun>

  readonly #job: JobDefinition

  constructor(
    job: JobDefinition,
    active: ReadonlySet<ActiveRun>,
    processor: Processor,
    options: WorkerOptions,
  ) {
    // Settled here, and not where it is made: in between BullMQ gives the options of a schedule's run to the next.
    const settled: Processor = (queued, token) => {
      this.#settle(queued.opts)
      return processor(queued, token)
    }
    super(job.name, settled, { ...options, removeOnFail: KEPT.failed })
    this.active = active
    this.#job = job
    this.#noteAnswers()
  }

  /** Ten seconds in BullMQ, which a single delayed run then costs its idle queue. */
  override get maximumBlockTimeout() {
    return IDLE_WAIT
  }

  /** Tell the runs under way to stop: all of them, or that of an id. */
  stopRuns(reason: Error, id?: string) {
    for (const run of this.active) if (id === undefined || run.id === id) run.stop(reason)
  }

  /** Open the connection that waits for runs anew. */
  async reopen() {
    await this.backend.disconnectBlocking(true)
    await this.backend.reconnectBlocking()
  }

  /** A wait that has failed may have lost what was to wake it: it is asked for a run at once, and not after another wait. */
  protected override getBlockTimeout(until: number) {
    return until === Number.POSITIVE_INFINITY ? 0 : super.getBlockTimeout(until)
  }

  protected override async moveToActive(token: string, name?: string) {
    this.lookedAt = Date.now()
    return await super.moveToActive(token, name)
  }

  protected override createJob(...fields: Parameters<Worker["createJob"]>) {
    this.lookedAt = Date.now()
    this.taken += 1
    return super.createJob(...fields)
  }

  /** A run that is delayed wakes its idle queue only to have it wait anew: without being asked for a run, Redis has answered. */
  #noteAnswers() {
    const { backend } = this
    const wait = backend.waitForJob.bind(backend)
    backend.waitForJob = async (seconds) => {
      const answer = await wait(seconds)
      this.lookedAt = Date.now()
      return answer
    }
  }

  /** What a run did not ask for itself is its definition's to say. Kept with each run in Redis, it would be paid for there. */
  #settle(options: JobsOptions) {
    options.attempts ||= this.#job.attempts
    options.backoff ??= this.#job.backoff
    options.keepLogs ??= KEPT.lines
    options.removeOnComplete = this.#isToDrop(this.lookedAt) ? KEPT.completed : false
  }

  /** To drop old runs at the end of every one would cost Redis a tenth of what it does for a run. */
  #isToDrop(now: number) {
    const { taken, at } = this.#dropping
    if (this.taken - taken < DROP_AFTER.runs && now - at < DROP_AFTER.time) return false
    this.#dropping = { taken: this.taken, at: now }
    return true
  }
}
