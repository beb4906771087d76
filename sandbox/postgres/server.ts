import { existsSync } from "node:fs"
import { mkdir, readFile, realpath } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import postgres from "postgres"
import type { Ending } from "../process/ending.ts"
import { commandLine, endLeftover } from "../process/leftover.ts"
import { type Server, startServer } from "../process/start-server.ts"
import { type Binaries, findBinaries } from "./binaries.ts"
import { clearData, logFile, owner, pathsOf } from "./create.ts"
import { openData, readPassword } from "./data.ts"
import { dataAtHome, isOfAnother, serverUser } from "./home.ts"

const ending: Ending = { ask: "SIGINT", patience: 15_000, insist: "SIGQUIT" }

/**
 * Without `durable` the server ends with this process, and its data are removed when it is stopped. `programs` are of another
 * version than comes with the project.
 */
export type PostgresOptions = {
  dataDir: string
  port?: number | undefined
  durable: boolean
  programs?: Binaries | undefined
}

/** Starts a real PostgreSQL on these data, made if there are none; one left running by a killed start is ended first. */
export async function startPostgres({
  dataDir,
  port,
  durable,
  programs,
}: PostgresOptions): Promise<Server & { url: string }> {
  const folder = resolve(dataDir)
  await mkdir(dirname(folder), { recursive: true })
  await endRemains(folder)
  const user = await serverUser(folder)
  const binaries = programs ?? (await findBinaries(folder, user))
  const data = await openData({ folder, binaries, user, durable })
  const password = await readPassword(folder)
  const server = await startServer({
    name: "PostgreSQL",
    command: binaries.postgres,
    args: (free) => ["-D", data, ...settings({ port: free, ...(durable ? {} : hasty) })],
    user,
    port,
    log: logFile(folder),
    ready: async (started) => (await isReady(data, started)) && ensureDatabase(started.port, password),
    ending,
    remains: durable ? undefined : pathsOf(folder),
  })
  const stop = durable ? server.stop : () => server.stop().then(() => clearData(folder))
  return { ...server, stop, url: url(server.port, password, owner) }
}

/** Ends the server on these data and removes them, wherever they are kept. */
export async function removePostgres(dataDir: string): Promise<void> {
  const folder = resolve(dataDir)
  await endRemains(folder)
  await clearData(folder)
}

const hasty = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: 500 }

function settings(more: Record<string, string | number>) {
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    timezone: "UTC",
    ...more,
  }
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
}

async function endRemains(folder: string) {
  for (const place of [folder, dataAtHome(folder)]) {
    if (!existsSync(pidFile(place))) continue
    const data = await realpath(place)
    if (isOfAnother(data, folder)) continue
    const isOurs = async (pid: number) => /postgres.* -D (.*?) -c /.exec(await commandLine(pid))?.[1] === data
    await endLeftover(pidFile(data), isOurs, ending)
  }
}

async function isReady(data: string, { pid }: Server) {
  const lines = (await readFile(pidFile(data), "utf8").catch(() => "")).split("\n")
  return lines[0] === `${pid}` && lines[7]?.trim() === "ready"
}

function pidFile(data: string) {
  return join(data, "postmaster.pid")
}

async function ensureDatabase(port: number, password: string) {
  const sql = postgres(url(port, password, "postgres"), { max: 1, ssl: false })
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${owner}`
    if (!found) await sql`create database ${sql(owner)}`
    return true
  } finally {
    await sql.end()
  }
}

function url(port: number, password: string, database: string) {
  return `postgres://${owner}:${password}@127.0.0.1:${port}/${database}`
}
