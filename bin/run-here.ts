import { spawn } from "node:child_process"
import { join } from "node:path"

const root = join(import.meta.dir, "..")

/** Run a program of the project in its folder, with what it says as its own; whether it ended well. */
export function runHere(command: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  })
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", (code) => resolve(code === 0))
  })
}
