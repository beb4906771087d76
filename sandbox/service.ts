import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { freePort } from "./ports.ts"
import { launch } from "./process/launch.ts"
import { until } from "./until.ts"

const root = join(import.meta.dir, "..")

/** The commands that serve the API, by runtime. */
export const runtimes = {
  bun: [process.execPath, "api/main.ts"],
  deno: [denoPath(), "run", "--allow-net", "--allow-env", "--allow-read", "--allow-sys", "api/deno.ts"],
} as const

export type Runtime = keyof typeof runtimes

/** A part of the system as a process of its own, in the test's environment with `env` over it. */
export async function startService(command: readonly string[], env: Record<string, string | undefined> = {}) {
  const port = await freePort()
  const launched = launch(command, "SIGKILL", {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: "info", PORT: String(port), ...env },
  })
  const url = `http://127.0.0.1:${port}`
  const answers = () =>
    fetch(`${url}/health`).then(
      () => true,
      () => false,
    )

  return {
    ...launched,
    url,
    port,
    /** Resolves once it answers, whatever it says; throws when it ends before. */
    async up() {
      await until(async () => launched.over() || (await answers()), 30_000)
      if (launched.over()) throw new Error(`${command.join(" ")} has ended: ${launched.output()}`)
      return this
    },
    /** Ask it to end; resolves with its exit code or signal. */
    async stop() {
      launched.signal("SIGTERM")
      return await launched.ended
    },
  }
}

export type Service = Awaited<ReturnType<typeof startService>>

// The package's own command is a script for Node, which need not be there.
function denoPath() {
  const { resolve } = createRequire(import.meta.url)
  const libc = process.platform === "linux" ? "-glibc" : ""
  return join(dirname(resolve(`@deno/${process.platform}-${process.arch}${libc}/package.json`)), "deno")
}
