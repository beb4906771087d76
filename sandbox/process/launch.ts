import { type SpawnOptions, spawn } from "node:child_process"
import { guard } from "./guard.ts"

/**
 * A program under test, with all it says. A test that fails or is interrupted leaves it running:
 * `parting` is the signal that it is then ended with.
 */
export function launch(command: readonly string[], parting: NodeJS.Signals, options: SpawnOptions) {
  const [program = "", ...args] = command
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] })
  const release = guard(child.pid!, parting, [])
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream!.on("data", (chunk) => {
      output += chunk
    })
  }
  const ended = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => {
      release()
      resolve(signal ?? code ?? -1)
    }),
  )
  return {
    pid: child.pid!,
    /** Its exit code or signal, once it has ended and said all. */
    ended,
    over: () => child.exitCode !== null || child.signalCode !== null,
    output: () => output,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
  }
}
