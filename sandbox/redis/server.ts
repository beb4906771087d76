import { mkdir, realpath, rm } from "node:fs/promises"
import { join } from "node:path"
import type { Ending } from "../process/ending.ts"
import { commandLine, endLeftover, workingFolder } from "../process/leftover.ts"
import { type Server, startServer } from "../process/start-server.ts"
import { redisInstaller } from "./install.ts"
import { answersPing } from "./ready.ts"

const ending: Ending = { ask: "SIGTERM", patience: 10_000, insist: "SIGKILL" }
const names = ["redis-server", "valkey-server"]
const usualPath = [process.env.PATH, "/usr/bin", "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"].join(":")

/** Without `durable` the server ends with this process and keeps nothing. `args` are more of redis-server's own. */
export type RedisOptions = { dataDir: string; port?: number | undefined; durable: boolean; args?: string[] }

/** Starts a real Redis, or Valkey, on these data; one left running by a killed start is ended first. */
export async function startRedis({
  dataDir,
  port,
  durable,
  args = [],
}: RedisOptions): Promise<Server & { url: string }> {
  const command = await ensureRedis()
  await mkdir(dataDir, { recursive: true })
  const folder = await realpath(dataDir)
  const pidFile = join(folder, "redis.pid")
  await endLeftover(pidFile, (pid) => worksIn(folder, pid), ending)
  const server = await startServer({
    name: "Redis",
    command,
    args: (free) => [
      ...settings({ port: free, dir: folder, pidfile: pidFile, appendonly: durable ? "yes" : "no" }),
      ...args,
    ],
    port,
    log: join(folder, "redis.log"),
    ready: (started) => answersPing(started.port, started.pid),
    ending,
    remains: durable ? undefined : [folder],
    explain: (log) => explain(log, folder),
  })
  const clear = () => rm(folder, { recursive: true, force: true })
  const stop = durable ? server.stop : () => server.stop().then(clear)
  return { ...server, stop, url: `redis://127.0.0.1:${server.port}` }
}

/** The path of a Redis server, installed with the system's package manager when there is none. */
export async function ensureRedis({ path = usualPath, say = console.log } = {}): Promise<string> {
  const found = findRedis(path)
  if (found) return found
  const { command, advice } = redisInstaller(path)
  if (command) {
    say("Installing Redis…")
    await Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" }).exited
  }
  const installed = findRedis(path)
  if (installed) return installed
  throw new Error(`Redis is not installed: ${advice}, or set REDIS_URL to a Redis of your own.`)
}

function findRedis(path: string) {
  return names.map((name) => Bun.which(name, { PATH: path })).find(Boolean)
}

function settings(more: Record<string, string | number>) {
  const all = { bind: "127.0.0.1", "maxmemory-policy": "noeviction", save: "", ...more }
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, `${value}`])
}

async function worksIn(folder: string, pid: number) {
  return /(redis|valkey)-server/.test(await commandLine(pid)) && (await workingFolder(pid)) === folder
}

function explain(log: string, folder: string) {
  if (!/append only file|AOF manifest/i.test(log)) return
  return `Redis cannot read its append-only file in ${folder}: mend it with redis-check-aof --fix, or start anew with \`npm start -- --reset\`.`
}
