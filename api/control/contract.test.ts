import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { plantEnded } from "../../lib/control/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { jobs } from "../../lib/jobs/index.ts"
import { queueClient, queueKey, queueOf } from "../../lib/queues.ts"
import { untilReady } from "../../lib/redis/connect.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { enqueued } from "../../worker/testing.ts"

const KEY = "est_a_key_for_the_tests"
const mail = { to: "planted@example.com", template: "welcome", data: { userName: "Planted" } } as const
const MINUTE = 60_000

/** Kinds of what the specification shows by example. */
const count = expect.any(Number)
const text = expect.any(String)

describe.each(Object.keys(runtimes) as Runtime[])("the specification's admin routes on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    await untilReady(queueClient())
    api = await (await startService(runtimes[runtime])).up()
  })
  afterEach(() => queueOf(email).obliterate({ force: true }))
  afterAll(() => api.stop())

  async function call(method: string, path: string, body?: unknown) {
    const response = await fetchDescribed(`${api.url}/api/admin/jobs${path}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return [response.status, await response.json()] as [number, unknown]
  }
  const get = (path: string) => call("GET", path)
  const post = (path: string, body?: unknown) => call("POST", path, body)
  const failed = async (runs = 1, at = Date.now() - MINUTE) =>
    await plantEnded(
      email,
      Array.from({ length: runs }, (_, index) => ({ state: "failed" as const, at: at - index, took: 40 })),
    )
  const ask = async () => (await enqueue(email, mail)).id

  test("stats: as the example has it, and the alarms of schedules are no queue", async () => {
    await failed(2)
    await ask()
    expect(await get("/stats")).toEqual([
      200,
      {
        totalQueues: jobs.length,
        totalWaiting: 1,
        totalActive: 0,
        totalCompleted: 0,
        totalFailed: 2,
        totalDelayed: 0,
        redisStatus: {
          connected: true,
          mode: world.redisMode,
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        },
      },
    ])
  })

  test("queues: each with its counts", async () => {
    await ask()
    const [status, queues] = await get("/queues")
    expect(status).toBe(200)
    expect(queues).toEqual(
      jobs.map(({ name }) => ({
        name,
        waiting: name === "email" ? 1 : 0,
        active: 0,
        completed: 0,
        failed: 0,
        delayed: 0,
        paused: false,
      })),
    )
  })

  test("queue/:name: its counts and the first ten of its runs, redacted", async () => {
    const [newest] = await failed(12)
    const first = await ask()
    await ask()
    for (const name of ["email", "email-send"]) {
      const [status, details] = await get(`/queue/${name}`)
      expect(status).toBe(200)
      expect(details).toEqual({
        name: "email",
        counts: { waiting: 2, active: 0, completed: 0, failed: 12, delayed: 0, paused: false },
        jobs: { waiting: expect.any(Array), active: [], failed: expect.any(Array) },
      })
      const { waiting, failed } = (details as { jobs: Record<string, { jobId: string }[]> }).jobs
      expect(failed).toHaveLength(10)
      expect([waiting?.[0]?.jobId, failed?.[0]?.jobId]).toEqual([first, newest])
      expect(JSON.stringify(details)).not.toMatch(/planted@|"Planted"/)
    }
  })

  test("queue/:name/performance: four figures", async () => {
    await failed()
    expect(await get("/queue/email/performance")).toEqual([
      200,
      { avgProcessingTime: 0, successRate: 0, throughput: 0.02, recentJobs: 1 },
    ])
  })

  test("queue/:name/logs?limit=50: what happened last, first", async () => {
    const [id] = await failed()
    await plantEnded(email, [{ state: "completed", at: Date.now() - 2 * MINUTE }])
    const [status, log] = await get("/queue/email/logs?limit=50")
    expect(status).toBe(200)
    const entry = { name: "email", timestamp: count, data: expect.objectContaining({ to: ["[redacted]"] }) }
    expect(log).toEqual([
      { ...entry, jobId: id, status: "failed", error: "planted" },
      { ...entry, jobId: text, status: "completed" },
    ])
  })

  test("failed?limit=100: queue, run and error", async () => {
    const [id] = await failed()
    for (const path of ["/failed?limit=100", "/failed"])
      expect(await get(path)).toEqual([
        200,
        [
          {
            queue: "email",
            job: expect.objectContaining({ id, jobId: id, status: "failed", failedReason: "planted" }),
            error: "planted",
          },
        ],
      ])
  })

  test("job/:queueName/:jobId: all that is known of a run", async () => {
    const id = await ask()
    const [status, run] = await get(`/job/email/${id}`)
    expect(status).toBe(200)
    expect(run).toEqual({
      id,
      jobId: id,
      queue: "email",
      name: "email",
      status: "waiting",
      progress: { percentage: 0, stage: "waiting", message: "" },
      data: { to: ["[redacted]"], template: "welcome", data: "[redacted]", locale: "pt-BR" },
      returnValue: null,
      failedReason: null,
      attemptsMade: 0,
      attempts: 3,
      priority: 5,
      createdAt: count,
      timestamp: count,
      processedOn: null,
      finishedOn: null,
      stacktrace: [],
      logs: [],
      askedBy: null,
      source: "redis",
    })
  })

  test("retry/:queueName/:jobId, and retrying what has not failed", async () => {
    const [id] = await failed()
    expect(await post(`/retry/email-send/${id}`)).toEqual([200, { success: true, message: text }])
    expect((await enqueued("email")).map(({ id }) => id)).toEqual([id!])
    expect(await post(`/retry/email/${id}`)).toEqual([
      409,
      { error: `Only a run that has failed can be retried: ${id} on queue email is waiting` },
    ])
  })

  test("DELETE /:queueName/:jobId, and removing what a worker is at", async () => {
    const id = await ask()
    expect(await call("DELETE", `/email-send/${id}`)).toEqual([200, { success: true, message: text }])
    expect(await enqueued("email")).toEqual([])

    const active = await ask()
    await queueClient().zrem(queueKey("email", "prioritized"), active)
    await queueClient().lpush(queueKey("email", "active"), active)
    await queueClient().set(queueKey("email", `${active}:lock`), "a worker's")
    expect(await call("DELETE", `/email/${active}`)).toEqual([
      409,
      { error: `A worker is at run ${active} on queue email: cancel it first, or wait for its end` },
    ])
  })

  test("pause/:queueName and resume/:queueName, each as often as one likes", async () => {
    for (const [action, paused] of [
      ["pause", true],
      ["pause", true],
      ["resume", false],
      ["resume", false],
    ] as const) {
      expect(await post(`/${action}/email`)).toEqual([
        200,
        { success: true, message: `Queue email is ${action}d` },
      ])
      expect(await queueOf(email).isPaused()).toBe(paused)
      expect(await get("/queue/email")).toMatchObject([200, { counts: { paused } }])
    }
  })

  test("clean/completed and clean/failed, by their age in hours and in days", async () => {
    const hour = 60 * MINUTE
    await plantEnded(
      email,
      [1, 23, 25].map((hours) => ({ state: "completed", at: Date.now() - hours * hour })),
    )
    await plantEnded(
      email,
      [1, 6, 8].map((days) => ({ state: "failed", at: Date.now() - days * 24 * hour })),
    )
    const cleaned = (count: number, state: string): [number, unknown] => [
      200,
      { success: true, message: `${count} ${state} runs are removed from queue email`, count },
    ]
    expect(await post("/clean/completed/email", { olderThanHours: 24 })).toEqual(cleaned(1, "completed"))
    expect(await post("/clean/completed/email")).toEqual(cleaned(0, "completed"))
    expect(await post("/clean/completed/email", { olderThanHours: 0 })).toEqual(cleaned(2, "completed"))
    expect(await post("/clean/failed/email", { olderThanDays: 7 })).toEqual(cleaned(1, "failed"))
    expect(await post("/clean/failed/email-send", { olderThanDays: 0.5 })).toEqual(cleaned(2, "failed"))
  })

  test("health: as the example has it", async () => {
    expect(await get("/health")).toEqual([
      200,
      {
        healthy: true,
        queues: jobs.map(({ name }) => ({ name, status: "healthy", issues: [] })),
        redis: { status: "healthy", latency: count, issues: [] },
        schedules: { status: "healthy", issues: [] },
      },
    ])
    await failed(201)
    await ask()
    const [status, health] = await get("/health")
    expect(status).toBe(200)
    expect(health).toMatchObject({
      healthy: false,
      queues: [
        {
          name: "email",
          status: "critical",
          issues: ["Failed runs: 201", "No worker that takes its runs has been heard of; runs that wait: 1"],
        },
        ...jobs.slice(1).map(() => ({ status: "healthy" })),
      ],
    })
  })

  test("redis: how it is, and what it tells of itself", async () => {
    expect(await get("/redis")).toEqual([
      200,
      {
        health: { status: "healthy", latency: count },
        info: {
          connected: true,
          mode: world.redisMode,
          version: text,
          usedMemory: expect.stringMatching(/^\d+\.\d\d[KMG]$/),
          connectedClients: count,
          uptime: count,
        },
      },
    ])
  })

  test("knows no queue but those of jobs, and says so in the specification's words", async () => {
    const id = crypto.randomUUID()
    const answers = await Promise.all([
      ...[
        "/queue/mail",
        "/queue/schedule",
        "/queue/mail/performance",
        "/queue/mail/logs",
        `/job/mail/${id}`,
      ].map(get),
      ...[
        `/retry/mail/${id}`,
        "/pause/mail",
        "/resume/mail",
        "/clean/completed/mail",
        "/clean/failed/schedule",
      ].map((path) => post(path)),
      call("DELETE", `/mail/${id}`),
    ])
    for (const answer of answers) expect(answer).toEqual([400, { error: "Invalid queue name" }])
  })

  test("knows no run that is none, though Redis has a key of that name", async () => {
    for (const id of [crypto.randomUUID(), "meta", "events", "..%2F.."]) {
      const answers = await Promise.all([
        get(`/job/email/${id}`),
        post(`/retry/email/${id}`),
        call("DELETE", `/email/${id}`),
      ])
      for (const answer of answers) expect(answer).toEqual([404, { error: "Job not found" }])
    }
  })

  test("knows no run whose id is no text, and says how it would be", async () => {
    const answers = await Promise.all([
      get("/job/email/%ff"),
      post("/retry/email/%ED%A0%80"),
      call("DELETE", "/email/%"),
    ])
    for (const answer of answers)
      expect(answer).toEqual([404, { error: expect.stringContaining("UTF-8 with percent signs") }])
  })

  test.each([
    ["/failed?limit=0", "limit", undefined],
    ["/failed?limit=501", "limit", undefined],
    ["/failed?limit=9007199254740993", "limit", undefined],
    ["/failed?limit=1e400", "limit", undefined],
    ["/failed?limit=ten", "limit", undefined],
    ["/failed?limit=1.5", "limit", undefined],
    ["/failed?limit=", "limit", undefined],
    ["/failed?page=2", "", undefined],
    ["/failed?cursor=next", "cursor", undefined],
    ["/failed?cursor=1_email_a%00b", "cursor", undefined],
    ["/queue/email/logs?limit=-1", "limit", undefined],
    ["/queue/email/logs?cursor=_email_x", "cursor", undefined],
    ["/job/email/meta?reveal=perhaps", "reveal", undefined],
    ["/clean/completed/email", "olderThanHours", { olderThanHours: -1 }],
    ["/clean/completed/email", "olderThanHours", { olderThanHours: "24" }],
    ["/clean/completed/email", "", { olderThanDays: 1 }],
    ["/clean/failed/email", "olderThanDays", { olderThanDays: null }],
    ["/clean/failed/email", "", [7]],
  ])("%s is refused, and %j named as what is wrong", async (path, where, body) => {
    const [status, answer] = await call(body === undefined ? "GET" : "POST", path, body)
    expect(status).toBe(400)
    expect((answer as { details: { path: string }[] }).details.map(({ path }) => path)).toContain(where)
  })

  test("lists lead from page to page, and to every run once", async () => {
    const ids = await failed(25)
    await plantEnded(email, [{ state: "completed", at: Date.now() - 10 * MINUTE }])
    for (const [first, length] of [
      ["/api/admin/jobs/failed?limit=10", 25],
      ["/api/admin/jobs/queue/email-send/logs?limit=10", 26],
    ] as const) {
      const told: string[] = []
      let pages = 0
      for (let path: string | undefined = first; path; pages++) {
        const response: Response = await fetch(`${api.url}${path}`, {
          headers: { authorization: `Bearer ${KEY}` },
        })
        const page = (await response.json()) as { jobId?: string; job?: { jobId: string } }[]
        told.push(...page.map(({ jobId, job }) => (jobId ?? job?.jobId)!))
        path = /^<([^>]+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1]
      }
      expect(pages).toBe(3)
      expect(told).toHaveLength(length)
      expect(told.slice(0, 25)).toEqual(ids)
    }
  })
})
