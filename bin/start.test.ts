import { afterEach, describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import postgres from "postgres"
import { openFolder } from "../lib/storage/folder/storage.ts"
import { freePort } from "../sandbox/ports.ts"
import { launch } from "../sandbox/process/launch.ts"
import { copyProject } from "../sandbox/project.ts"
import { required } from "../sandbox/required.ts"
import { until } from "../sandbox/until.ts"

const root = join(import.meta.dir, "..")
const MINUTES = 60_000

/** The parts of this environment that say nothing of Esteira. */
const bare = () => ({ PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LANG: "C.UTF-8" })

interface Services {
  SESSION_SECRET: string
  STORAGE_URL: string
  API_URL: string
  ADMIN_API_KEY: string
  DATABASE_URL: string
  REDIS_URL: string
  RESEND_BASE_URL: string
  NOTA_PARANA_URL: string
}

/** `npm start`, or what it comes to, in a process group of its own as a terminal would have it. */
async function start(
  command: string[],
  { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
) {
  const [PORT, WORKER_PORT] = [String(await freePort()), String(await freePort())]
  const given = { ...bare(), PORT, WORKER_PORT, ...env }
  const launched = launch(command, "SIGTERM", { cwd, env: given, detached: true })
  const { pid, over, output, ended } = launched
  running.add(pid)
  void ended.then(() => running.delete(pid))
  return {
    ...launched,
    port: given.PORT,
    async ready() {
      const isReady = () => output().includes("Ready in")
      if ((await until(() => isReady() || over(), 10 * MINUTES)) && isReady()) return
      throw new Error(output())
    },
    /** What Ctrl-C does: the whole group is told. */
    async interrupt() {
      process.kill(-pid, "SIGINT")
      return await ended
    },
  }
}

const running = new Set<number>()
const folders: string[] = []

afterEach(async () => {
  for (const pid of running) process.kill(-pid, "SIGINT")
  await until(() => [...running].every((pid) => !existsSync(`/proc/${pid}`)), 60_000)
  running.clear()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function folder() {
  const made = await mkdtemp(join(tmpdir(), "esteira-start-"))
  await chmod(made, 0o755)
  folders.push(made)
  return made
}

const servicesIn = async (dataDir: string) =>
  JSON.parse(await readFile(join(dataDir, "services.json"), "utf8")) as Services

/** Ask for a mail over HTTP, and see it through to the end. */
async function sendMail({ API_URL, ADMIN_API_KEY }: Services, to: string) {
  const headers = { authorization: `Bearer ${ADMIN_API_KEY}`, "content-type": "application/json" }
  const body = JSON.stringify({
    data: { to, template: "verification", data: { userName: "Ana", verificationUrl: "https://a.example/v" } },
  })
  const asked = await fetch(`${API_URL}/api/jobs/email`, { method: "POST", headers, body })
  const { statusUrl } = (await asked.json()) as { statusUrl: string }
  let run: { status?: string } = {}
  await until(async () => {
    run = (await (await fetch(`${API_URL}${statusUrl}`, { headers })).json()) as typeof run
    return run.status === "completed"
  }, 20_000)
  return run
}

async function rowsOf({ DATABASE_URL }: Services, query: string) {
  const sql = postgres(DATABASE_URL, { max: 1 })
  const rows: Record<string, unknown>[] = await sql.unsafe(query)
  await sql.end()
  return [...rows]
}

/** How the demo agency's integrations stand, once all of them have been exchanged with. */
async function integrationsOf(services: Services) {
  let rows: Record<string, unknown>[] = []
  await until(async () => {
    rows = await rowsOf(
      services,
      "select provider, status from integrations where last_synced_at is not null order by provider",
    )
    return rows.length === 3
  }, 60_000)
  return rows
}

/** The status of the demo agency's feed, asked for with what its secrets say. */
async function feedOf({ API_URL }: Services, dataDir: string) {
  const { feedToken } = JSON.parse(await readFile(join(dataDir, "secrets.json"), "utf8"))
  return (await fetch(`${API_URL}/feeds/araucaria/vrsync.xml?token=${feedToken}`)).status
}

const mailsOf = async ({ RESEND_BASE_URL }: Services) =>
  JSON.stringify(await (await fetch(`${RESEND_BASE_URL}/sandbox/messages`)).json())

/** The processes that have to do with this folder: by command line, by where they work, or by their environment. */
async function processesOf(place: string) {
  const told = await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const [command, environment, folder] = await Promise.all([
          readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
          readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
          readlink(`/proc/${pid}/cwd`).catch(() => ""),
        ])
        return [command, environment, folder].some((text) => text.includes(place))
          ? command.replaceAll("\0", " ")
          : ""
      }),
  )
  return told.filter(Boolean)
}

/** What is to be seen of a system that is up; without this, that nothing is left would say little. */
async function expectAll(place: string) {
  const seen = (await processesOf(place)).join("\n")
  for (const part of ["bin/start.ts", "api/main.ts", "worker/main.ts", "postgres", "redis-server"]) {
    expect(seen).toContain(part)
  }
}

const missing = [
  ["npm", Bun.which("npm")],
  ["git", Bun.which("git")],
] as const

test.skipIf(!missing.every(([name, found]) => required(name, found)))(
  "a newcomer types one command in a fresh clone, without Bun, and a run travels the whole way",
  async () => {
    expect(Bun.which("bun", bare())).toBeNull()
    const clone = await folder()
    const home = await folder()
    await copyProject(clone)
    const env = { HOME: home, TERM: "dumb" }

    const first = await start(["npm", "start"], { cwd: clone, env })
    await first.ready()
    const services = await servicesIn(join(clone, ".data"))
    for (const shown of [
      services.API_URL,
      services.ADMIN_API_KEY,
      services.RESEND_BASE_URL,
      new URL(services.NOTA_PARANA_URL).origin,
      "helena@araucaria.example / ",
    ]) {
      expect([shown, await until(() => first.output().includes(shown), 10_000)]).toEqual([shown, true])
    }
    await expectAll(clone)
    const run = await sendMail(services, "newcomer@example.com")
    expect(run).toMatchObject({
      status: "completed",
      progress: { percentage: 100, stage: "sent" },
      returnValue: { sent: 1 },
    })
    expect(await mailsOf(services)).toContain("newcomer@example.com")
    expect(await rowsOf(services, "select recipient, status from email_messages")).toEqual([
      { recipient: "newcomer@example.com", status: "sent" },
    ])
    expect(
      await rowsOf(
        services,
        "select count(*)::int as users, count(*) filter (where role = 'admin')::int as admins, count(distinct agency_id)::int as agencies from users",
      ),
    ).toEqual([{ users: 5, admins: 2, agencies: 2 }])
    const said = /^worker +│ \[EmailProcessor\] Email sent successfully to: n\*\*\*@example\.com/m
    expect(await until(() => said.test(first.output()), 10_000)).toBe(true)
    await first.interrupt()
    expect(first.output()).toMatch(/^start +│ Stopped$/m)
    expect(await processesOf(clone)).toEqual([])

    const second = await start(["npm", "start"], { cwd: clone, env })
    await second.ready()
    const again = await servicesIn(join(clone, ".data"))
    expect(again.ADMIN_API_KEY).toBe(services.ADMIN_API_KEY)
    expect(await mailsOf(again)).toContain("newcomer@example.com")
    expect(await rowsOf(again, "select recipient from email_messages")).toEqual([
      { recipient: "newcomer@example.com" },
    ])
    await second.interrupt()
    expect(await processesOf(clone)).toEqual([])
  },
  10 * MINUTES,
)

describe("the start command", () => {
  const command = [process.execPath, "bin/start.ts"]

  test("ends at once and says so when a port is in use, and leaves nothing running", async () => {
    const taken = Bun.serve({ port: 0, fetch: () => new Response("mine") })
    const DATA_DIR = await folder()
    const started = await start(command, { env: { DATA_DIR, PORT: String(taken.port) } })
    expect(await started.ended).toBe(1)
    expect(started.output()).toContain(
      `Cannot start: port ${taken.port} is in use; stop what uses it, or set PORT to another.`,
    )
    expect(await processesOf(DATA_DIR)).toEqual([])
    await taken.stop(true)
  })

  test("wants two ports, and a folder it can write to", async () => {
    const DATA_DIR = await folder()
    const same = await start(command, { env: { DATA_DIR, PORT: "3999", WORKER_PORT: "3999" } })
    expect(await same.ended).toBe(1)
    expect(same.output()).toContain("Cannot start: PORT and WORKER_PORT are the same; set one to another.")
    const other = await folder()
    await writeFile(join(other, "file"), "")
    const foreign = await start([...command, "--reset"], { env: { DATA_DIR: other } })
    expect(await foreign.ended).toBe(1)
    expect(foreign.output()).toContain(
      "holds things that are not Esteira's; set DATA_DIR to a folder of its own",
    )
    expect(await readdir(other)).toEqual(["file"])
    const file = await start(command, { env: { DATA_DIR: join(other, "file") } })
    expect(await file.ended).toBe(1)
    expect(file.output()).toContain("Cannot start: DATA_DIR cannot be used: ")
  })

  test("brings a database that it is given to the present schema, and says when it cannot", async () => {
    const DATA_DIR = await folder()
    const name = `given_${crypto.randomUUID().replaceAll("-", "")}`
    const admin = postgres(process.env.DATABASE_URL!, { max: 1 })
    await admin`create database ${admin(name)}`
    const DATABASE_URL = Object.assign(new URL(process.env.DATABASE_URL!), { pathname: `/${name}` }).href
    const started = await start(command, { env: { DATA_DIR, DATABASE_URL } })
    await started.ready()
    const services = { ...(await servicesIn(DATA_DIR)), DATABASE_URL }
    expect(await sendMail(services, "given@example.com")).toMatchObject({ status: "completed" })
    expect(await rowsOf(services, "select 1 from users")).toEqual([])
    expect(await started.interrupt()).toBe(0)
    await admin`drop database ${admin(name)} with (force)`
    await admin.end()

    const refused = await start(command, { env: { DATA_DIR, DATABASE_URL } })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toContain(
      "Cannot start: the database of DIRECT_URL or DATABASE_URL cannot be used: ",
    )
  })

  test("knows one option, and says so of others", async () => {
    const started = await start([...command, "--rest"])
    expect(await started.ended).toBe(1)
    expect(started.output()).toContain("the only option is --reset, which deletes the data first")
  })

  test("is refused twice in one folder, finds all again after a kill, and starts anew when told to", async () => {
    const DATA_DIR = await folder()
    const first = await start(command, { env: { DATA_DIR } })
    await first.ready()
    await expectAll(DATA_DIR)
    const { SESSION_SECRET, STORAGE_URL } = await servicesIn(DATA_DIR)
    expect(STORAGE_URL).toBe(pathToFileURL(join(DATA_DIR, "storage")).href)
    await openFolder(join(DATA_DIR, "storage")).put("reports/before.txt", new Uint8Array(1))
    await sendMail(await servicesIn(DATA_DIR), "before@example.com")
    const exchanged = ["crm", "real-estate-portal", "zapier"].map((provider) => ({ provider, status: "ok" }))
    expect(await integrationsOf(await servicesIn(DATA_DIR))).toEqual(exchanged)

    const twice = await start(command, { env: { DATA_DIR } })
    expect(await twice.ended).toBe(1)
    expect(twice.output()).toContain(`it runs from this folder already (process ${first.pid})`)

    // The same ports: what the killed one left behind still holds them.
    process.kill(first.pid, "SIGKILL")
    await first.ended
    const env = { DATA_DIR, PORT: first.port }
    const second = await start(command, { env })
    await second.ready()
    const services = await servicesIn(DATA_DIR)
    expect(services.SESSION_SECRET).toBe(SESSION_SECRET)
    expect(await mailsOf(services)).toContain("before@example.com")
    expect(await sendMail(services, "after@example.com")).toMatchObject({ status: "completed" })
    expect(await integrationsOf(services)).toEqual(exchanged)
    expect(await feedOf(services, DATA_DIR)).toBe(200)
    expect(await second.interrupt()).toBe(0)

    const anew = await start([...command, "--reset"], { env: { DATA_DIR } })
    await anew.ready()
    const fresh = await servicesIn(DATA_DIR)
    expect(fresh.ADMIN_API_KEY).not.toBe(services.ADMIN_API_KEY)
    expect(await mailsOf(fresh)).not.toContain("@example.com")
    expect(existsSync(join(DATA_DIR, "storage/reports/before.txt"))).toBe(false)
    expect(await rowsOf(fresh, "select recipient from email_messages")).toEqual([])
    expect(await anew.interrupt()).toBe(0)
    expect(await processesOf(DATA_DIR)).toEqual([])
  })

  test("ends everything when a part ends by itself, or a stand-in", async () => {
    const DATA_DIR = await folder()
    for (const [pidFile, says] of [
      ["worker.pid", "The worker has ended (SIGKILL)"],
      ["redis/redis.pid", "Redis has ended by itself"],
    ] as const) {
      const started = await start(command, { env: { DATA_DIR } })
      await started.ready()
      process.kill(Number.parseInt(await readFile(join(DATA_DIR, pidFile), "utf8"), 10), "SIGKILL")
      expect(await started.ended).toBe(1)
      expect(started.output()).toContain(says)
      expect(await processesOf(DATA_DIR)).toEqual([])
    }
  })

  test("uses what the environment names instead of its stand-ins, and seeds nobody's database", async () => {
    const DATA_DIR = await folder()
    const {
      REDIS_URL,
      DATABASE_URL,
      RESEND_API_KEY,
      RESEND_BASE_URL,
      FROM_EMAIL,
      ADMIN_API_KEY,
      NOTA_PARANA_URL,
    } = process.env as Record<string, string>
    const named = {
      REDIS_URL,
      DATABASE_URL,
      RESEND_API_KEY,
      RESEND_BASE_URL,
      FROM_EMAIL,
      ADMIN_API_KEY,
      NOTA_PARANA_URL,
    } as Record<string, string>
    const started = await start(command, { env: { DATA_DIR, ...named } })
    await started.ready()
    expect(existsSync(join(DATA_DIR, "postgres"))).toBe(false)
    expect(existsSync(join(DATA_DIR, "redis"))).toBe(false)
    for (const simulated of ["Mail sent", "Prices asked"]) expect(started.output()).not.toContain(simulated)
    const services = { ...(await servicesIn(DATA_DIR)), ...named } as unknown as Services
    expect(await sendMail(services, "named@example.com")).toMatchObject({ status: "completed" })
    expect(await rowsOf(services, "select 1 from users")).toEqual([])
    expect(await started.interrupt()).toBe(0)
  })

  test("starts no stand-in in production, and names what is missing", async () => {
    const DATA_DIR = await folder()
    const started = await start(command, { env: { DATA_DIR, NODE_ENV: "production" } })
    expect(await started.ended).toBe(1)
    // What both parts need: one of them ends first, and the other with it.
    for (const name of ["REDIS_URL", "DATABASE_URL", "STORAGE_URL"])
      expect(started.output()).toContain(`set ${name}`)
    expect(existsSync(join(DATA_DIR, "secrets.json"))).toBe(false)
  })

  test("keeps its keys to its owner, and says when they are damaged", async () => {
    const DATA_DIR = await folder()
    const { REDIS_URL, DATABASE_URL } = process.env as Record<string, string>
    const env = { DATA_DIR, REDIS_URL: REDIS_URL!, DATABASE_URL: DATABASE_URL! }
    const started = await start(command, { env })
    await started.ready()
    for (const file of ["secrets.json", "services.json"])
      expect((await stat(join(DATA_DIR, file))).mode & 0o077).toBe(0)
    await started.interrupt()
    await writeFile(join(DATA_DIR, "secrets.json"), "{")
    const damaged = await start(command, { env })
    expect(await damaged.ended).toBe(1)
    expect(damaged.output()).toContain("secrets.json is damaged: start anew with npm start -- --reset")
  })
})
