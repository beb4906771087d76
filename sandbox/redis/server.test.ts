import { afterEach, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { appendFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { RedisClient } from "bun"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { freePort } from "../ports.ts"
import { abandon } from "../process/abandon.ts"
import { commandLine } from "../process/leftover.ts"
import { until } from "../until.ts"
import { ensureRedis, startRedis } from "./server.ts"

const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

test("keeps the data from one start to the next", async () => {
  const { start } = await setup()
  const first = await start()
  await ask(first.url, "SET", "word", "kept")
  await first.stop()
  expect(await ask((await start()).url, "GET", "word")).toBe("kept")
})

test("never evicts, and writes nothing for tests", async () => {
  const { start } = await setup()
  const { url } = await start({ durable: false, args: ["--databases", "3"] })
  expect(await ask(url, "CONFIG", "GET", "*")).toMatchObject({
    "maxmemory-policy": "noeviction",
    appendonly: "no",
    save: "",
    bind: "127.0.0.1",
    databases: "3",
  })
})

test("keeps the data when the server is killed, also with its last words cut off", async () => {
  const { start, log } = await setup()
  const first = await start()
  await ask(first.url, "SET", "word", "kept")
  first.kill("SIGKILL")
  await appendFile(log, "*3\r\n$3\r\nSET\r\n$4\r\nwo")
  expect(await ask((await start()).url, "GET", "word")).toBe("kept")
})

test("says how to mend or leave a broken append-only file", async () => {
  const { start, log } = await setup()
  await (await start()).stop()
  await appendFile(log, "nonsense\r\nnonsense\r\n")
  await expect(start()).rejects.toThrow(
    /cannot read its append-only file in .*redis-check-aof --fix.*--reset/,
  )
})

test("replaces the server that a killed start left behind", async () => {
  const { dataDir, start } = await setup()
  const { pid, url } = await abandon("redis/server.ts", { dataDir, durable: true })
  await ask(url, "SET", "word", "kept")
  const second = await start()
  expect(await commandLine(pid)).toBe("  ")
  expect(await ask(second.url, "GET", "word")).toBe("kept")
})

test("ends the server of a test that was killed", async () => {
  const { dataDir } = await setup()
  const { pid } = await abandon("redis/server.ts", { dataDir, durable: false })
  expect(await until(async () => (await commandLine(pid)) === "  ", 10_000)).toBe(true)
  expect(await until(() => !existsSync(dataDir), 10_000)).toBe(true)
})

test("is not disturbed by the pid file of a process that is gone, or of a stranger", async () => {
  const { dataDir, start } = await setup()
  const first = await start()
  await first.stop()
  const stranger = await (await setup()).start()
  for (const pid of [first.pid, process.pid, stranger.pid]) {
    await writeFile(join(dataDir, "redis.pid"), `${pid}\n`)
    await (await start()).stop()
  }
  expect(await ask(stranger.url, "PING")).toBe("PONG")
})

test("refuses a port that another program has", async () => {
  const { start } = await setup()
  const port = await freePort()
  using _other = Bun.serve({ port, fetch: () => new Response() })
  await expect(start({ port })).rejects.toThrow(`Redis cannot listen on port ${port}`)
})

test("says how to install Redis, or to do without, on a system it does not know", async () => {
  await expect(ensureRedis({ path: "/nowhere" })).rejects.toThrow(
    "Redis is not installed: install redis-server or valkey-server, or set REDIS_URL to a Redis of your own.",
  )
})

test("installs Redis with the system's package manager", async () => {
  const path = await system(`[ "$1" = update ] || /bin/ln -s /bin/true "\${0%/*}/redis-server"`)
  const said: string[] = []
  const found = await ensureRedis({ path, say: (line) => said.push(line) })
  expect(found).toBe(join(path, "redis-server"))
  expect(said).toEqual(["Installing Redis…"])
})

test("gives the system's own command when the package manager fails", async () => {
  const path = await system("exit 1")
  await expect(ensureRedis({ path, say: () => {} })).rejects.toThrow(
    /^Redis is not installed: run `(sudo )?apt-get install .*redis-server`, or set REDIS_URL to a Redis of your own\.$/,
  )
})

async function setup() {
  const dataDir = await temporaryFolder()
  undo.push(() => rm(dataDir, { recursive: true, force: true }))
  const start = async (more: { durable?: boolean; port?: number; args?: string[] } = {}) => {
    const server = await startRedis({ dataDir, durable: true, ...more })
    undo.push(server.stop)
    return server
  }
  return { dataDir, start, log: join(dataDir, "appendonlydir", "appendonly.aof.1.incr.aof") }
}

/** The PATH of a system that has only such an apt-get. */
async function system(aptGet: string) {
  const path = await mkdtemp(join(tmpdir(), "esteira-system-"))
  undo.push(() => rm(path, { recursive: true }))
  await symlink("/bin/sh", join(path, "sh"))
  const programs = { "apt-get": aptGet, sudo: 'shift; exec "$@"' }
  for (const [name, script] of Object.entries(programs))
    await writeFile(join(path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return path
}

async function ask(url: string, command: string, ...args: string[]) {
  const client = new RedisClient(url)
  try {
    return await client.send(command, args)
  } finally {
    client.close()
  }
}
