import { Worker } from "bullmq"

/** Seconds an idle worker waits for a run before it asks again; a new run wakes it at once. */
export const IDLE_WAIT = 45

/** BullMQ's worker, which also tells when it last looked for a run. */
export class QueueWorker extends Worker {
  /** When it last asked Redis for a run, or was given one: milliseconds since 1970. */
  lookedAt = Date.now()
  /** Runs taken so far. */
  taken = 0

  /** Ten seconds in BullMQ, which a single delayed run then costs its idle queue. */
  override get maximumBlockTimeout() {
    return IDLE_WAIT
  }

  /** BullMQ types the reason as a text, and hands it on as it is. */
  override cancelJob(id: string, reason?: string | Error) {
    return super.cancelJob(id, reason as string)
  }

  override cancelAllJobs(reason?: string | Error) {
    super.cancelAllJobs(reason as string)
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

  protected override createJob(...fields: Parameters<Worker["createJob"]>) {
    this.lookedAt = Date.now()
    this.taken += 1
    return super.createJob(...fields)
  }
}
