import { spawn } from "node:child_process"
import { constants } from "node:os"
import { root } from "./project.mjs"

let child
let received

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    received = signal
    // Ctrl-C in a terminal reaches the child by itself too; a second time changes nothing.
    child?.kill(signal)
  })

/** The signal by which we are to end, if one came. */
export function interruption() {
  return received
}

/** Runs a program to its end, and none once we are to end ourselves. */
export async function run(command, args, stdio, cwd = root) {
  if (received) throw new Error(`Ended by ${received}.`)
  child = spawn(command, args, { cwd, stdio })
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      output += chunk
    })
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) => resolve({ code, signal, output }))
  })
}

/** Runs a program that has to succeed, and shows what it said if it does not. */
export async function mustRun(command, args, complaint, cwd) {
  const { code, output } = await run(command, args, "pipe", cwd)
  if (code === 0) return
  if (!received) console.error(output)
  throw new Error(`${complaint}: what ${command} said is above.`)
}

/** Ends this process as another has ended. */
export function endAs({ code, signal }) {
  if (!signal) process.exit(code)
  process.exitCode = 128 + constants.signals[signal]
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
