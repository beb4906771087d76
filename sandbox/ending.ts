import { readFile } from "node:fs/promises"
import { run } from "./run.ts"
import { until } from "./until.ts"

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
  throw new Error(`Process ${pid} does not end, not even on ${ending.insist}`)
}

/**
 * Ends the server that a killed start left behind. A pid may belong to another process by now: it is ended
 * only if its command line bears every one of the marks.
 */
export async function endLeftover(pid: number, marks: string[], ending: Ending): Promise<void> {
  const gone = async () => {
    const command = await commandLine(pid)
    return !marks.every((mark) => command.includes(mark))
  }
  if (pid > 0) await endProcess(pid, gone, ending)
}

/** The command line of a process between two spaces, empty for one that is gone or a zombie. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform !== "linux")
    return ` ${(await run("ps", ["-ww", "-o", "args=", "-p", `${pid}`])).output} `
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return ` ${words.replaceAll("\0", " ")} `
}

function sendSignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}
