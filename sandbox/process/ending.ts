import { until } from "../until.ts"

/** How a kind of server is asked to end, and the signal for one that has not ended after `patience` milliseconds. */
export type Ending = { ask: NodeJS.Signals; patience: number; insist: NodeJS.Signals }

/** Ends a process and returns when it is gone. */
export async function endProcess(
  pid: number,
  gone: () => boolean | Promise<boolean>,
  ending: Ending,
): Promise<void> {
  for (const signal of [ending.ask, ending.insist]) {
    if (await gone()) return
    sendSignal(pid, signal)
    if (await until(gone, ending.patience)) return
  }
  throw new Error(`Process ${pid} does not end, not even on ${ending.insist}.`)
}

function sendSignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}
