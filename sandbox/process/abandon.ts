import { join } from "node:path"
import type { Server } from "./start-server.ts"

const starters = { "postgres/server.ts": "startPostgres", "redis/server.ts": "startRedis" }

/** Starts a server in a process that is then killed. */
export async function abandon(
  file: keyof typeof starters,
  options: { dataDir: string; durable: boolean },
): Promise<Server & { url: string }> {
  const code = `
    import { ${starters[file]} } from ${JSON.stringify(join(import.meta.dir, "..", file))}
    console.log(JSON.stringify(await ${starters[file]}(${JSON.stringify(options)})))
    await new Promise(() => setInterval(() => {}, 60_000))`
  const supervisor = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stderr: "inherit" })
  const { value } = await supervisor.stdout.getReader().read()
  supervisor.kill("SIGKILL")
  await supervisor.exited
  return JSON.parse(Buffer.from(value ?? []).toString())
}
