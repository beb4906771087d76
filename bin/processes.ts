import { spawn } from "node:child_process"
import { join } from "node:path"
import { ConfigurationError } from "../lib/errors.ts"
import { follow } from "./output.ts"

const root = join(import.meta.dir, "..")

export interface Started {
  name: string
  pid: number
  /** How it ended: its exit code or signal, and all it said has been printed. */
  ended: Promise<string>
  /** Resolves once it says on this port that it is ready; throws when it ends before. */
  ready(port: number): Promise<void>
  /** Ask it to end, and wait. */
  stop(): Promise<string>
}

/** Start a part of the system by the folder's name, its lines printed under it. */
export function startProcess(name: string, env: Record<string, string | undefined>): Started {
  const script = join(root, name, "main.ts")
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const exited = new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`)),
  )
  const said = Promise.all([follow(name, child.stdout), follow(name, child.stderr)])
  const ended = exited.then(async (how) => {
    await said
    return how
  })
  return {
    name,
    pid: child.pid!,
    ended,
    async ready(port) {
      const early = ended.then((how) => {
        throw new ConfigurationError(`the ${name} has ended (${how}) before it was ready: it says why above`)
      })
      await Promise.race([answers(`http://127.0.0.1:${port}/ready`, child), early])
    },
    stop() {
      child.kill("SIGTERM")
      return ended
    },
  }
}

async function answers(url: string, child: { exitCode: number | null; signalCode: string | null }) {
  while (child.exitCode === null && child.signalCode === null) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await Bun.sleep(30)
  }
}
