import { PermanentError } from "../lib/errors.ts"

/** A run under way in this process, and how it is told to stop. */
export class ActiveRun {
  readonly id: string
  /** Of the clock that is never set. */
  readonly startedAt = performance.now()
  /** Settles when the run has ended here. */
  ended: Promise<unknown> = Promise.resolve()
  /** Why it is to stop. */
  reason: Error | undefined
  /** Hears of the reason. */
  onStop: ((reason: Error) => void) | undefined
  #controller: AbortController | undefined

  constructor(id: string) {
    this.id = id
  }

  /** Aborted when the run is to stop. Made for whoever asks: most runs end without, and a signal costs as much as their payload. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.reason) this.#controller.abort(this.reason)
    }
    return this.#controller.signal
  }

  /** Tell it to stop. The first reason counts, unless a later one ends the run for good. */
  stop(reason: Error) {
    if (this.reason && (this.reason instanceof PermanentError || !(reason instanceof PermanentError))) return
    this.reason = reason
    this.#controller?.abort(reason)
    this.onStop?.(reason)
  }
}
