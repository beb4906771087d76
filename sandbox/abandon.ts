import { join } from "node:path"
import type { Server } from "./start-server.ts"

const starters = { "postgres.ts": "startPostgres", "redis.ts": "startRedis" }

/** Starts a server on these data in a process that is then killed, as a power cut of one program: the server stays. */
export async function abandon(
  file: keyof typeof starters,
  dataDir: string,
): Promise<Server & { url: string }> {
  const code = `
    import { ${starters[file]} } from ${JSON.stringify(join(import.meta.dir, file))}
    console.log(JSON.stringify(await ${starters[file]}(${JSON.stringify({ dataDir, durable: true })})))
    await new Promise(() => setInterval(() => {}, 60_000))`
  const supervisor = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stderr: "inherit" })
  const { value } = await supervisor.stdout.getReader().read()
  supervisor.kill("SIGKILL")
  await supervisor.exited
  return JSON.parse(Buffer.from(value ?? []).toString())
}
