import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { insertApiKey } from "../../db/api-keys.ts"
import { findOperation } from "../../db/bulk-operations.ts"
import { pool } from "../../db/pool.ts"
import { asRow, recordRuns } from "../../db/runs.ts"
import { declareSchedule } from "../../db/schedules.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { createApiKey } from "../../lib/api-key.ts"
import { plantEnded } from "../../lib/control/testing.ts"
import { digestOf } from "../../lib/digest.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { backup } from "../../lib/jobs/backup.ts"
import { email } from "../../lib/jobs/email.ts"
import { report } from "../../lib/jobs/report.ts"
import { queueClient, queueOf } from "../../lib/queues.ts"
import { connectRedis, type RedisClient, untilReady } from "../../lib/redis/connect.ts"
import { scopes } from "../../lib/scopes.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { keepBulk } from "../../worker/bulk/bulk.ts"
import { ended } from "../../worker/bulk/testing.ts"
import { createApp } from "../app.ts"
import { ruleOf } from "./allow.ts"
import type { Route } from "./check-rules.ts"

const ADMIN = process.env.ADMIN_API_KEY!
/** Those that the ledger alone has. */
const ENDED = { status: "failed", to: "2026-03-01" }
const JOBS = [email, report, backup]

const narrowing = (createApp().routes as readonly Route[]).filter((route) => ruleOf(route)?.narrows)

/** The ids of the runs that there are, by queue. */
const planted: Record<string, string[]> = {}
const keys = { email: createApiKey(), both: createApiKey() }
/** A bulk operation on the queue of each, and one on all. */
const operations: Record<string, number> = {}

let connection: RedisClient
let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  connection = connectRedis("worker")
  await untilReady(queueClient())
  for (const [name, queues] of Object.entries({ email: ["email"], both: ["email", "report"] }))
    await insertApiKey({
      name,
      queues,
      digest: digestOf(keys[name as keyof typeof keys]),
      scopes: [...scopes],
      expiresAt: null,
      createdBy: "admin",
    })
  for (const [place, job] of JOBS.entries()) {
    const { name } = job
    const failed = await plantEnded(job, [{ state: "failed", at: Date.now() - place }])
    const waiting = await enqueue(job, job.example as never, { delay: 3_600_000 })
    await declareSchedule({ name: `of-${name}`, job: name, cron: "0 0 1 1 *", zone: "UTC" }, new Date())
    // In the same millisecond, so that their order hangs on their ids alone.
    const at = Date.UTC(2026, 1, 10)
    const recorded = Array.from({ length: 4 }, (_, n) => ({
      id: `run-${n}-${name}`,
      queue: name,
      name,
      status: "failed" as const,
      priority: 5,
      payload: {},
      result: null,
      error: "no luck",
      attempts: 1,
      askedAt: at,
      startedAt: at,
      finishedAt: at,
    }))
    await recordRuns(recorded.map(asRow), pool())
    planted[name] = [...failed, waiting.id, ...recorded.map(({ id }) => id)]
  }
})
afterAll(async () => {
  connection.disconnect()
  await Promise.all(JOBS.map((job) => queueOf(job).obliterate({ force: true })))
  await goBack()
})

describe.each(Object.keys(runtimes) as Runtime[])("a key for some queues, on %s,", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
    for (const [name, filter] of Object.entries({ ...filters, all: ENDED }))
      operations[name] = (await start(ADMIN, filter)).body.id as number
  })
  afterAll(() => api.stop())

  const filters = Object.fromEntries(JOBS.map(({ name }) => [name, { queue: name, ...ENDED }]))
  const call = async (key: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> }
  }
  const get = (key: string, path: string) => call(key, "GET", path)
  const start = (key: string, filter: object, more = {}) =>
    call(key, "POST", "/api/admin/bulk", { action: "retry", filter, ...more })

  /** What is told of a queue: its name, its schedule, its runs. */
  const namesOf = (queue: string, text: string) =>
    [`"${queue}"`, `of-${queue}`, ...planted[queue]!].filter((name) => text.includes(name))

  test("is told of these alone wherever all are told of", async () => {
    const paths = narrowing
      .filter(({ method, path }) => method === "GET" && !path.includes(":"))
      .flatMap(({ path }) =>
        path === "/api/admin/runs" ? [path, `${path}?status=delayed`, `${path}?error~=luck`] : [path],
      )
    expect(paths.length).toBeGreaterThanOrEqual(7)
    for (const path of paths) {
      const [admin, both, one] = await Promise.all(
        [ADMIN, keys.both, keys.email].map((key) => get(key, path)),
      )
      expect([path, admin!.status, both!.status, one!.status]).toEqual([path, 200, 200, 200])
      if (path === "/api/admin/jobs/stats") {
        expect(both!.body).toMatchObject({ totalQueues: 2, totalFailed: 2, totalDelayed: 2 })
        expect(one!.body).toMatchObject({ totalQueues: 1, totalFailed: 1, totalDelayed: 1 })
        continue
      }
      const isTold = (queues: string[], { text }: { text: string }) => {
        for (const { name } of JOBS)
          expect([path, name, namesOf(name, text).length > 0]).toEqual([path, name, queues.includes(name)])
      }
      isTold(["email", "report", "backup"], admin!)
      isTold(["email", "report"], both!)
      isTold(["email"], one!)
    }
  })

  test("finds its runs page by page, and names no other queue", async () => {
    const found: string[] = []
    let cursor = ""
    do {
      const { body } = await get(keys.both, `/api/admin/runs?to=2026-03-01&limit=3${cursor}`)
      found.push(...(body.runs as { jobId: string }[]).map(({ jobId }) => jobId))
      cursor = body.next ? `&cursor=${body.next}` : ""
    } while (cursor)
    const mine = [...planted.email!, ...planted.report!].filter((id) => id.startsWith("run-"))
    expect(found).toEqual(mine.sort().reverse())

    const refused = { error: "Forbidden: this key is for email, report alone" }
    for (const path of ["/api/admin/runs?queue=backup", "/api/admin/runs?queue=backup&status=waiting"])
      expect(await get(keys.both, path)).toMatchObject({ status: 403, body: refused })
    expect(await start(keys.both, { queue: "backup" })).toMatchObject({ status: 403, body: refused })
    expect((await get(keys.both, "/api/admin/runs?queues=backup")).status).toBe(400)
    expect((await start(keys.both, { queues: ["backup"] })).status).toBe(400)
  })

  test("knows of operations on its own queues alone", async () => {
    const idsOf = async (key: string) =>
      ((await get(key, "/api/admin/bulk")).body.operations as { id: number }[]).map(({ id }) => id)
    const [mine, both] = [(await start(keys.email, ENDED)).body.id, operations.report!]
    expect(await idsOf(keys.email)).toContain(operations.email!)
    expect(await idsOf(keys.email)).toContain(mine as number)
    expect(await idsOf(keys.both)).toEqual(expect.arrayContaining([operations.email, both, mine] as never[]))
    for (const name of ["report", "backup", "all"]) {
      const id = operations[name]!
      expect(await idsOf(keys.email)).not.toContain(id)
      expect((await get(keys.email, `/api/admin/bulk/${id}`)).status).toBe(404)
      expect((await call(keys.email, "POST", `/api/admin/bulk/${id}/abort`)).status).toBe(404)
      expect((await findOperation(id))?.abortedBy).toBeNull()
    }
    expect((await call(keys.email, "POST", `/api/admin/bulk/${operations.email}/abort`)).status).toBe(200)
  })

  test("does something to many of its own runs alone, and not to all of them by saying nothing", async () => {
    expect((await start(keys.email, {})).status).toBe(400)
    const preview = await start(keys.both, ENDED, { dryRun: true })
    expect(preview.body).toMatchObject({ matched: 8, exact: true })
    expect(namesOf("backup", preview.text)).toEqual([])

    const { body } = await start(keys.both, ENDED)
    const keeper = keepBulk({ connection, jobs: JOBS })
    await ended(body.id as number)
    await keeper.stop()
    const told = await get(keys.both, `/api/admin/bulk/${body.id}`)
    expect(told.body).toMatchObject({ matched: 8, filter: { status: "failed", queues: ["email", "report"] } })
    expect(namesOf("backup", told.text)).toEqual([])
  })

  test("has its own schedules do something, and hears of no other", async () => {
    for (const action of ["pause", "resume", "run"]) {
      const path = (name: string) => `/api/admin/jobs/schedules/${name}/${action}`
      const other = await call(keys.email, "POST", path("of-backup"))
      expect([other.status, other.body.error]).toEqual([404, expect.stringContaining('"of-backup": ')])
      expect(other.text.replace('\\"of-backup\\"', "")).not.toContain("of-backup")
      // No process declares it, which is what it takes to be run.
      if (action !== "run") expect((await call(keys.email, "POST", path("of-email"))).status).toBe(200)
    }
    const [left] = await pool()`select paused_at from schedules where name = 'of-backup'`
    expect(left).toEqual({ pausedAt: null })
  })
})
