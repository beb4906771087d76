import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { connectRedis, type RedisClient } from "../../lib/redis/connect.ts"
import { findRun } from "../../lib/runs.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { keepBulk } from "../../worker/bulk/bulk.ts"
import { ended, failedRuns } from "../../worker/bulk/testing.ts"
import { sweep } from "../../worker/ledger/sweep.ts"

const authorization = "Bearer est_a_key_for_the_tests"
const data = email.payload.parse({ ...email.example, data: { userName: "Planted" } }) as never
const filter = { queue: "email-send", status: "failed" }

describe.each(Object.keys(runtimes) as Runtime[])("the routes of bulk operations, on %s", (runtime) => {
  let api: Service
  let connection: RedisClient
  let keeper: ReturnType<typeof keepBulk> | undefined
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
    connection = connectRedis("worker")
  })
  beforeEach(async () => {
    await pool()`truncate runs, run_events, ledger_watermarks, bulk_operations, bulk_runs restart identity`
  })
  afterEach(async () => {
    await keeper?.stop()
    keeper = undefined
    await queueOf(email).obliterate({ force: true })
  })
  afterAll(async () => {
    connection.disconnect()
    await api.stop()
  })

  const call = async (method: string, path: string, body?: unknown, base = api.url) => {
    const response = await fetchDescribed(`${base}/api/admin/bulk${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const get = (path: string) => call("GET", path)
  const post = (path: string, body?: unknown) => call("POST", path, body)
  const haveFailed = async (count: number) => {
    const ids = await failedRuns("email", count, { data })
    await sweep(email, connection, pool(), Date.now() + 1_000)
    return ids
  }

  test("preview what would be done, and do nothing", async () => {
    const ids = await haveFailed(15)
    const { status, body } = await post("", { action: "retry", filter, dryRun: true })
    expect([status, body]).toMatchObject([200, { dryRun: true, matched: 15, exact: true }])
    const sample = body.sample as { jobId: string }[]
    expect(sample).toHaveLength(10)
    for (const run of sample) expect(ids).toContain(run.jobId)
    expect(JSON.stringify(body)).not.toContain("Planted")
    expect((await get("")).body).toEqual({ operations: [], next: null })
  })

  test("have something done to every run that is meant, and tell of it until each is told of", async () => {
    const ids = await haveFailed(120)
    const started = await post("", {
      action: "retry",
      filter: { ...filter, "error~": "LUCK", "data.template": "welcome", from: "2020-01-01" },
      reason: "the bank is back",
      perSecond: 5_000,
    })
    expect(started).toEqual({
      status: 202,
      body: {
        success: true,
        message: expect.stringContaining("120 runs"),
        count: 120,
        id: 1,
        statusUrl: "/api/admin/bulk/1",
      },
    })
    expect(await get("/1")).toMatchObject({
      status: 200,
      body: { status: "preparing", touched: 0, runs: [] },
    })
    keeper = keepBulk({ connection })
    await ended(1)
    const { body } = await get("/1?limit=100")
    expect(body).toEqual({
      id: 1,
      action: "retry",
      filter: {
        queue: "email",
        status: "failed",
        "error~": "LUCK",
        "data.template": "welcome",
        from: "2020-01-01T00:00:00.000Z",
      },
      reason: "the bank is back",
      perSecond: 5_000,
      status: "completed",
      matched: 120,
      touched: 120,
      outcomes: { retried: 120 },
      error: null,
      startedBy: "admin",
      abortedBy: null,
      createdAt: expect.any(String),
      endedAt: expect.any(String),
      runs: expect.any(Array),
      next: expect.any(String),
    })
    const rest = await get(`/1?limit=100&cursor=${body.next}&outcome=retried`)
    expect(rest.body.next).toBeNull()
    const told = [...(body.runs as object[]), ...(rest.body.runs as object[])] as {
      jobId: string
      outcome: string
    }[]
    expect(told.map(({ jobId }) => jobId).sort()).toEqual(ids.toSorted())
    expect(told[0]).toEqual({
      jobId: expect.any(String),
      queue: "email",
      outcome: "retried",
      touchedAt: expect.any(String),
    } as never)
    expect((await get("/1?outcome=gone")).body.runs).toEqual([])
    expect((await findRun(email, ids[0]!))?.status).toBe("waiting")
  })

  test("list what was done, the latest first, page by page", async () => {
    for (let count = 0; count < 3; count++) await post("", { action: "cancel", filter: { queue: "email" } })
    const first = (await get("?limit=2")).body as { operations: { id: number }[]; next: number }
    expect([first.operations.map(({ id }) => id), first.next]).toEqual([[3, 2], 2])
    const second = (await get(`?limit=2&before=${first.next}`)).body as { operations: { id: number }[] }
    expect([second.operations.map(({ id }) => id), (second as { next?: unknown }).next]).toEqual([[1], null])
  })

  test("end one early, once", async () => {
    await haveFailed(3)
    const { body } = await post("", { action: "retry", filter })
    const answer = { success: true, message: "It ends before its next batch" }
    expect(await post(`/${body.id}/abort`)).toEqual({ status: 200, body: answer })
    keeper = keepBulk({ connection })
    expect(await ended(Number(body.id))).toMatchObject({
      status: "aborted",
      abortedBy: "admin",
      outcomes: {},
    })
    expect(await post(`/${body.id}/abort`)).toEqual({
      status: 409,
      body: { error: `Too late: bulk operation ${body.id} is aborted` },
    })
  })

  test.each([
    ["no filter", { action: "retry" }, "filter"],
    ["an empty filter", { action: "retry", filter: {} }, "filter"],
    ["no action", { filter }, "action"],
    ["an action of no meaning", { action: "forget", filter }, "action"],
    ["a queue that is none", { action: "retry", filter: { queue: "mail" } }, "filter.queue"],
    [
      "a status that the action is not for",
      { action: "retry", filter: { status: "waiting" } },
      "filter.status",
    ],
    ["a word of no meaning", { action: "retry", filter: { ...filter, state: "failed" } }, "filter"],
    ["the inner name of a word", { action: "retry", filter: { ...filter, error: "no luck" } }, "filter"],
    ["a moment that is none", { action: "retry", filter: { ...filter, from: "yesterday" } }, "filter.from"],
    ["no error text", { action: "retry", filter: { ...filter, "error~": "" } }, "filter.error~"],
    ["a path that is none", { action: "retry", filter: { ...filter, "data.a..b": 1 } }, "filter.data.a..b"],
    [
      "a place before the first",
      { action: "retry", filter: { ...filter, "data.list.-1": 1 } },
      "filter.data.list.-1",
    ],
    [
      "a name that records leave out",
      { action: "retry", filter: { ...filter, "data.__proto__": "x" } },
      "filter",
    ],
    ["half a character", { action: "retry", filter: { ...filter, "data.a": "\ud800" } }, "filter.data.a"],
    [
      "a year of no four digits",
      { action: "retry", filter: { ...filter, from: "0000-01-01" } },
      "filter.from",
    ],
    [
      "a year that its offset brings to nought",
      { action: "retry", filter: { ...filter, to: "0001-01-01T00:00:00+23:59" } },
      "filter.to",
    ],
    ["a NUL", { action: "retry", filter: { ...filter, name: "a\0" } }, "filter.name"],
    ["no pace", { action: "retry", filter, perSecond: 0 }, "perSecond"],
  ])("say what is wrong: %s", async (_, body, path) => {
    const answer = await post("", body)
    expect([answer.status, (answer.body.details as { path: string }[])?.map(({ path }) => path)]).toEqual([
      400,
      [path],
    ])
    expect((await get("")).body.operations).toEqual([])
  })

  test("know no operation that is none", async () => {
    for (const id of ["0", "1", "x", "-1", "99999999999999999999", "1%00", "%ED%A0%80", "%zz"]) {
      expect((await get(`/${id}`)).status).toBe(404)
      expect((await post(`/${id}/abort`)).status).toBe(404)
    }
    expect((await get("/1?cursor=x")).status).toBe(400)
    expect((await get("?before=x")).status).toBe(400)
  })

  test("say so while PostgreSQL is away", async () => {
    const away = `postgres://nobody:nothing@127.0.0.1:${await freePort()}/none`
    const alone = await (await startService(runtimes[runtime], { DATABASE_URL: away })).up()
    const operations = {
      error: "PostgreSQL, which keeps bulk operations, does not answer: try again in a moment",
    }
    const log = { error: expect.stringContaining("Nothing was done: PostgreSQL") }
    expect(await call("GET", "/1", undefined, alone.url)).toEqual({ status: 503, body: operations })
    expect(await call("POST", "", { action: "retry", filter }, alone.url)).toEqual({
      status: 503,
      body: log as never,
    })
    expect(await call("POST", "/1/abort", undefined, alone.url)).toEqual({ status: 503, body: log as never })
    await alone.stop()
  })
})
