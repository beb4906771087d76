import { type Job as QueuedJob, Worker } from "bullmq"

/** Seconds an idle worker waits for a run before it asks again; a new run wakes it at once. */
export const IDLE_WAIT = 45

type Fields = Parameters<typeof QueuedJob.fromJSON>[1] & { cancel?: string }

/** BullMQ's worker, which also tells when it last looked for a run and which runs were marked to be cancelled. */
export class QueueWorker extends Worker {
  /** When it last asked Redis for a run, or was given one: milliseconds since 1970. */
  lookedAt = Date.now()
  /** Runs taken so far. */
  taken = 0
  readonly #marked = new WeakMap<QueuedJob, string>()

  /** Ten seconds in BullMQ, which a single delayed run then costs its idle queue. */
  override get maximumBlockTimeout() {
    return IDLE_WAIT
  }

  /** The mark that somebody wants this run cancelled, set before it was taken. */
  markOf(queued: QueuedJob): string | undefined {
    return this.#marked.get(queued)
  }

  /** Open the connection that waits for runs anew. */
  async reopen() {
    await this.backend.disconnectBlocking(true)
    await this.backend.reconnectBlocking()
  }

  protected override async moveToActive(token: string, name?: string) {
    this.lookedAt = Date.now()
    return await super.moveToActive(token, name)
  }

  protected override createJob(data: Fields, id: string) {
    this.lookedAt = Date.now()
    this.taken += 1
    const queued = super.createJob(data, id)
    if (data.cancel) this.#marked.set(queued, data.cancel)
    return queued
  }
}
