import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { asRow, recordRuns } from "../../db/runs.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const authorization = "Bearer est_a_key_for_the_tests"
const at = Date.UTC(2026, 1, 10, 12)

/** Runs of a ledger, a minute apart; every third has failed. */
const recorded = Array.from({ length: 30 }, (_, n) => ({
  id: `run-${String(n).padStart(2, "0")}`,
  queue: n % 2 ? "price-sync" : "email",
  name: n % 5 ? "send-email" : "by hand",
  status: n % 3 ? ("completed" as const) : ("failed" as const),
  priority: 5,
  payload: { userId: n % 4, list: [{ n }] },
  result: n % 3 ? { sent: 1 } : null,
  error: n % 3 ? null : `no luck ${n}`,
  attempts: 1,
  askedAt: at + n * 60_000 - 2,
  startedAt: at + n * 60_000 - 1,
  finishedAt: at + n * 60_000,
}))

describe.each(Object.keys(runtimes) as Runtime[])("the search for runs, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  beforeEach(async () => {
    await pool()`truncate runs`
    await recordRuns(recorded.map(asRow), pool())
  })
  afterEach(() => queueOf(email).obliterate({ force: true }))
  afterAll(() => api.stop())

  interface Answer {
    runs: { jobId: string; status: string }[]
    next: string | null
    scanned?: number
    error?: string
    details?: { path: string; message: string }[]
  }
  const search = async (words: Record<string, string> | string, base = api.url) => {
    const response = await fetchDescribed(`${base}/api/admin/runs?${new URLSearchParams(words)}`, {
      headers: { authorization },
    })
    return { status: response.status, body: (await response.json()) as Answer }
  }
  const idsOf = async (words: Record<string, string>) => {
    const { status, body } = await search(words)
    expect([status, body.error]).toEqual([200, undefined])
    return body.runs.map(({ jobId }) => jobId)
  }
  const latest = (isMeant: (run: (typeof recorded)[number]) => boolean) =>
    recorded
      .filter(isMeant)
      .map(({ id }) => id)
      .reverse()

  test("takes every word alone and together", async () => {
    expect(await idsOf({})).toEqual(latest(() => true))
    expect(await idsOf({ queue: "email-send" })).toEqual(latest(({ queue }) => queue === "email"))
    expect(await idsOf({ status: "failed" })).toEqual(latest(({ status }) => status === "failed"))
    expect(await idsOf({ name: "by hand" })).toEqual(latest(({ name }) => name === "by hand"))
    expect(await idsOf({ "error~": "LUCK 1" })).toEqual(latest(({ error }) => !!error?.includes("luck 1")))
    expect(await idsOf({ "data.userId": "3" })).toEqual(latest(({ payload }) => payload.userId === 3))
    expect(await idsOf({ "data.list.0.n": "7" })).toEqual(["run-07"])
    const from = new Date(at + 5 * 60_000).toISOString()
    const to = "2026-02-10T09:15:00-03:00"
    expect(await idsOf({ from, to })).toEqual(
      latest(({ finishedAt }) => finishedAt >= at + 5 * 60_000 && finishedAt < at + 15 * 60_000),
    )
    const all = {
      queue: "email",
      status: "failed",
      name: "send-email",
      from,
      to,
      "error~": "no",
      "data.userId": "0",
    }
    expect(await idsOf(all)).toEqual(["run-12"])
  })

  test("comes in pages", async () => {
    const found: string[] = []
    let cursor: string | null = null
    do {
      const { body }: { body: Answer } = await search({
        status: "completed",
        limit: "7",
        ...(cursor && { cursor }),
      })
      found.push(...body.runs.map(({ jobId }) => jobId))
      cursor = body.next
    } while (cursor)
    expect(found).toEqual(latest(({ status }) => status === "completed"))
  })

  test("finds those that have not ended in Redis, and says how many it has looked at", async () => {
    const mail = { to: "ana@example.com", template: "welcome" as const, data: { userName: "Ana" } }
    const waiting = await enqueue(email, mail)
    const delayed = await enqueue(email, { ...mail, locale: "en" }, { delay: 60_000 })
    expect((await search({ status: "waiting" })).body).toEqual({
      runs: [expect.objectContaining({ jobId: waiting.id, status: "waiting" })],
      next: null,
      scanned: 1,
    })
    expect(await idsOf({ status: "delayed", "data.locale": "en" })).toEqual([delayed.id])
    expect(await idsOf({ status: "delayed", "data.locale": "pt-BR" })).toEqual([])
    expect(await idsOf({ status: "active" })).toEqual([])
    const { body } = await search({ status: "waiting" })
    expect(JSON.stringify(body)).not.toContain("ana@example.com")
    for (let count = 0; count < 5; count++) await enqueue(email, mail)
    const first = (await search({ status: "waiting", limit: "4" })).body
    const second = (await search({ status: "waiting", limit: "4", cursor: first.next! })).body
    expect(new Set([...first.runs, ...second.runs].map(({ jobId }) => jobId)).size).toBe(6)
    expect(second.next).toBeNull()
  })

  test.each([
    [{ status: "lost" }, "status"],
    [{ queue: "mail" }, "queue"],
    [{ from: "10/02/2026" }, "from"],
    [{ "error~": "" }, "error~"],
    [{ "data.": "1" }, "data."],
    [{ "data.a.01": "1" }, "data.a.01"],
    [{ error: "no luck" }, ""],
    [{ userId: "7" }, ""],
    [{ limit: "1000" }, "limit"],
    [{ cursor: "x" }, "cursor"],
    [{ status: "waiting", cursor: Buffer.from('{"at":1,"id":"x"}').toString("base64url") }, "cursor"],
    [{ cursor: Buffer.from('{"at":1,"id":"\\u0000"}').toString("base64url") }, "cursor"],
    ["status=failed&status=completed", "status"],
  ])("says what is wrong with %p", async (words, path) => {
    const { status, body } = await search(words)
    expect([status, body.details?.map(({ path }) => path)]).toEqual([400, [path]])
  })

  test("needs a key", async () => {
    expect((await fetch(`${api.url}/api/admin/runs`)).status).toBe(401)
  })

  test("says which of the two is away", async () => {
    const away = await freePort()
    const alone = await (
      await startService(runtimes[runtime], {
        DATABASE_URL: `postgres://nobody:nothing@127.0.0.1:${away}/none`,
        REDIS_URL: `redis://127.0.0.1:${away}`,
      })
    ).up()
    const error = (words: Record<string, string>) =>
      search(words, alone.url).then(({ status, body }) => [status, body.error])
    expect(await error({})).toEqual([
      503,
      "PostgreSQL, which knows the runs that have ended, does not answer: try again in a moment",
    ])
    expect(await error({ status: "waiting" })).toEqual([503, "Redis does not answer: try again in a moment"])
    await alone.stop()
  })
})
