import { Worker } from "bullmq"
import type { ActiveRun } from "./active-run.ts"

/** Seconds an idle worker waits for a run before it asks again; a new run wakes it at once. */
export const IDLE_WAIT = 45

/** BullMQ's worker, which also tells what it is at, and when it last looked for a run. */
export class QueueWorker extends Worker {
  /** When it last asked Redis for a run, or was given one: milliseconds since 1970. */
  lookedAt = Date.now()
  /** Runs taken so far. */
  taken = 0
  /** The runs under way, oldest first. */
  readonly active = new Set<ActiveRun>()

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
