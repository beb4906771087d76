import { spawn } from "node:child_process"

/** The system's user and group a program runs as. */
export type User = { uid: number; gid: number }

/** Runs a program to its end, as another user if one is given; `output` is all it said, or why it could not start. */
export function run(command: string, args: string[], user?: User): Promise<{ ok: boolean; output: string }> {
  const child = spawn(command, args, {
    ...user,
    cwd: "/",
    env: plainEnv(),
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk
    })
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ ok: false, output: error.message }))
    child.once("close", (code) => resolve({ ok: code === 0, output: output.trim() }))
  })
}

/** Runs a program that has to succeed. */
export async function mustRun(command: string, args: string[], user?: User): Promise<void> {
  const { ok, output } = await run(command, args, user)
  if (!ok) throw new Error(`${[command, ...args].join(" ")} failed: ${output}`)
}

/** An environment without our secrets, and without what would configure a server behind our back. */
export function plainEnv(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" }
}
