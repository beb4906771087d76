import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
import { type Ending, endLeftover } from "./ending.ts"
import { redisInstaller } from "./redis-install.ts"
import { answersPing } from "./redis-ready.ts"
import { startServer } from "./start-server.ts"

const ending: Ending = { ask: "SIGTERM", patience: 10_000, insist: "SIGKILL" }
const usualPath = [process.env.PATH, "/usr/bin", "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"].join(":")

/** What a server of one's own has to know; without `durable` it keeps nothing. `args` are more of redis-server's own. */
export type RedisOptions = { dataDir: string; port?: number | undefined; durable: boolean; args?: string[] }

/** Starts a real Redis or Valkey on these data; one left running by a killed start is ended first. */
export async function startRedis({ dataDir, port, durable, args = [] }: RedisOptions) {
  const command = await ensureRedis()
  await mkdir(dataDir, { recursive: true })
  const folder = await realpath(dataDir)
  const pidFile = `${resolve(dataDir)}.pid`
  await endRemains(pidFile, folder)
  const server = await startServer({
    name: "Redis",
    command,
    args: (free) => [...settings(free, folder, durable), ...args],
    port,
    log: `${resolve(dataDir)}.log`,
    ready: (started) => answersPing(started.port, started.pid),
    ending,
    explain: (words) => (broken.test(words) ? brokenFile(folder) : undefined),
  })
  ...
}
