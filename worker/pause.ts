import { setTimeout as wait } from "node:timers/promises"

/** Wait for so many milliseconds; returns false, and at once, when the signal is aborted. Keeps no process alive. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<boolean> =>
  wait(milliseconds, true, { ref: false, ...(signal && { signal }) }).catch(() => false)
