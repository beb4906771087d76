import { afterEach, expect, test } from "bun:test"
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import { freePort } from "../ports.ts"
import { abandon } from "../process/abandon.ts"
import { commandLine } from "../process/leftover.ts"
import { required } from "../required.ts"
import { until } from "../until.ts"
import { findBinaries } from "./binaries.ts"
import { logFile, passwordFile } from "./create.ts"
import { homeOf } from "./home.ts"
import { removePostgres, startPostgres } from "./server.ts"

const isRoot = process.getuid?.() === 0
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

test("keeps the data from one start to the next", async () => {
  const { dataDir, start } = await setup()
  const first = await start()
  await write(first.url, "kept")
  await first.stop()
  expect(await read((await start()).url)).toBe("kept")
  expect((await lstat(passwordFile(dataDir))).mode & 0o777).toBe(0o600)
})

test("listens on loopback only and flushes what people write", async () => {
  const { start } = await setup()
  const { url } = await start()
  expect(await setting(url, "listen_addresses")).toBe("127.0.0.1")
  expect(await setting(url, "unix_socket_directories")).toBe("")
  expect(await setting(url, "fsync")).toBe("on")
})

test("flushes nothing and leaves nothing for tests", async () => {
  const { parent, start } = await setup()
  const { url, stop } = await start({ durable: false })
  expect(await setting(url, "fsync")).toBe("off")
  await stop()
  expect(await readdir(parent)).toEqual([])
})

test("ends the server of a test that was killed", async () => {
  const { dataDir, parent } = await setup()
  const { pid } = await abandon("postgres/server.ts", { dataDir, durable: false })
  expect(await until(async () => (await commandLine(pid)) === "  ", 10_000)).toBe(true)
  expect(await until(async () => (await readdir(parent)).length === 0, 10_000)).toBe(true)
})

test("keeps the data when the server is killed", async () => {
  const { start } = await setup()
  const first = await start()
  await write(first.url, "kept")
  first.kill("SIGKILL")
  expect(await read((await start()).url)).toBe("kept")
})

test("replaces the server that a killed start left behind", async () => {
  const { dataDir, start } = await setup()
  const { pid, url } = await abandon("postgres/server.ts", { dataDir, durable: true })
  await write(url, "kept")
  const second = await start()
  expect(await commandLine(pid)).toBe("  ")
  expect(second.pid).not.toBe(pid)
  expect(await read(second.url)).toBe("kept")
})

test("is not disturbed by the pid file of a process that is gone, or of a stranger", async () => {
  const { dataDir, start } = await setup()
  const first = await start()
  const file = join(dataDir, "postmaster.pid")
  const words = await readFile(file, "utf8")
  await first.stop()
  for (const pid of [first.pid, process.pid]) {
    await writeFile(file, words.replace(`${first.pid}`, `${pid}`))
    await (await start()).stop()
  }
})

test("removes what a killed initdb left and starts afresh", async () => {
  const { dataDir, parent, start } = await setup()
  await mkdir(`${dataDir}.new-killed/data`, { recursive: true })
  await mkdir(dataDir)
  await start()
  expect((await readdir(parent)).sort()).toEqual(["data", "data.log", "data.password"])
})

test("says how to start anew when the data are incomplete or of another version", async () => {
  const { dataDir, start } = await setup()
  await mkdir(join(dataDir, "global"), { recursive: true })
  await writeFile(join(dataDir, "PG_VERSION"), "18\n")
  await expect(start()).rejects.toThrow(/is not a complete .* `npm start -- --reset`/)
  await writeFile(join(dataDir, "global", "pg_control"), "")
  await writeFile(join(dataDir, "PG_VERSION"), "17\n")
  await expect(start()).rejects.toThrow(/is of PostgreSQL 17, and this is 18: .*--reset/)
})

test("says what to do when the password is gone", async () => {
  const { dataDir, start } = await setup()
  await (await start()).stop()
  await rm(passwordFile(dataDir))
  await expect(start()).rejects.toThrow(/data.password is gone.*--reset/)
})

test("quotes the server's last words when it does not start", async () => {
  const { dataDir, start } = await setup()
  await (await start()).stop()
  await writeFile(join(dataDir, "postgresql.auto.conf"), "shared_buffers = 'plenty'\n")
  await expect(start()).rejects.toThrow(/PostgreSQL did not start; .*\n.*shared_buffers.*plenty/s)
  expect(await readFile(logFile(dataDir), "utf8")).toContain("plenty")
})

test("refuses a port that another program has", async () => {
  const { start } = await setup()
  const port = await freePort()
  const other = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } })
  undo.push(() => other.stop())
  await expect(start({ port })).rejects.toThrow(`PostgreSQL cannot listen on port ${port}`)
})

test("names DATABASE_URL on a machine without a PostgreSQL package", async () => {
  const platform = process.platform
  undo.push(() => Object.defineProperty(process, "platform", { value: platform }))
  Object.defineProperty(process, "platform", { value: "haiku" })
  await expect(findBinaries("/nowhere", undefined)).rejects.toThrow(/haiku-.* is not installed.*DATABASE_URL/)
})

test.if(required("The right to be root", isRoot))(
  "keeps its data where its user can reach them, below a folder only root may enter",
  async () => {
    const { dataDir, parent, start } = await setup()
    await chmod(parent, 0o700)
    const first = await start()
    await write(first.url, "kept")
    await first.stop()
    expect(await read((await start()).url)).toBe("kept")
    expect((await lstat(dataDir)).isSymbolicLink()).toBe(true)

    await removePostgres(dataDir)
    expect(await readdir(parent)).toEqual([])
    await expect(lstat(homeOf(dataDir))).rejects.toThrow("ENOENT")
  },
)

async function setup() {
  const parent = await mkdtemp(join(tmpdir(), "esteira-postgres-"))
  await chmod(parent, 0o711)
  const dataDir = join(parent, "data")
  undo.push(
    () => rm(parent, { recursive: true }),
    () => removePostgres(dataDir),
  )
  const start = async (more: { durable?: boolean; port?: number } = {}) => {
    const server = await startPostgres({ dataDir, durable: true, ...more })
    undo.push(server.stop)
    return server
  }
  return { dataDir, parent, start }
}

const write = (url: string, word: string) =>
  query(url, (sql) =>
    sql.begin((tx) => [tx`create table words (word text)`, tx`insert into words values (${word})`]),
  )

const read = (url: string) => query(url, async (sql) => (await sql`select word from words`)[0]?.word)

const setting = (url: string, name: string) =>
  query(url, async (sql) => (await sql`select current_setting(${name}) as value`)[0]?.value)

async function query<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1 })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
