import type { Run } from "../worker/run.ts"

/** A run without a queue, of which nothing is kept: what is measured is the processor. */
export const loneRun = (): Run => ({
  id: crypto.randomUUID(),
  attempt: 1,
  signal: new AbortController().signal,
  progress: () => undefined,
  log: () => undefined,
  once: (_key, perform) => perform(),
})
