import { afterEach, describe, expect, test } from "bun:test"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { createLedger } from "../../worker/ledger/ledger.ts"
import { startWorkers } from "../../worker/workers.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests" }

const mail = { to: "planted@example.com", template: "welcome", data: { userName: "Planted" } } as const

/** Have a mail sent to somebody, recorded, and forgotten by Redis. */
async function sent(ask = async () => (await enqueue(email, mail)).id) {
  const ledger = createLedger()
  const workers = startWorkers(undefined, { observers: [ledger.observer] })
  const id = await ask()
  await until(async () => (await findRun(email, id))?.status === "completed", 10_000)
  await workers.stop(5)
  await ledger.close(5_000)
  workers.disconnect()
  const inRedis = (await findRun(email, id))!
  await queueOf(email).obliterate({ force: true })
  return inRedis
}

describe.each(Object.keys(runtimes) as Runtime[])("the status of a run, on %s", (runtime) => {
  let api: Service
  const start = async (env: Record<string, string> = {}) => {
    api = await (await startService(runtimes[runtime], env)).up()
  }
  const statusOf = (id: string) => fetchDescribed(`${api.url}/api/jobs/email/${id}`, { headers })
  afterEach(async () => {
    await api.stop()
    await queueOf(email).obliterate({ force: true })
  })

  test("is still told when Redis has forgotten it, without personal data", async () => {
    await start()
    const was = await sent()
    const response = await statusOf(was.jobId)
    expect(response.status).toBe(200)
    const told = await response.text()
    expect(JSON.parse(told)).toEqual({
      ...was,
      progress: { percentage: 100, stage: "completed", message: "" },
      data: { to: ["[redacted]"], template: "welcome", data: "[redacted]", locale: "pt-BR" },
    })
    expect(told).not.toMatch(/planted/i)
  })

  test("tells operators who asked for it, in Redis and in the ledger", async () => {
    await start()
    const details = async (id: string) => {
      const response = await fetchDescribed(`${api.url}/api/admin/jobs/job/email/${id}`, { headers })
      return (await response.json()) as object
    }
    const { jobId } = await sent(async () => {
      const response = await fetchDescribed(`${api.url}/api/jobs/email`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ data: mail }),
      })
      const { jobId } = (await response.json()) as { jobId: string }
      expect(await details(jobId)).toMatchObject({ source: "redis", askedBy: "admin" })
      return jobId
    })
    expect(await details(jobId)).toMatchObject({ source: "ledger", askedBy: "admin" })
  })

  test("is 404 of a run that neither knows, and of what is no id", async () => {
    await start()
    for (const id of [crypto.randomUUID(), "nothing", "a%00b"]) {
      const response = await statusOf(id)
      expect([response.status, await response.json()]).toEqual([
        404,
        { error: expect.stringContaining("on queue email") },
      ])
    }
  })

  test("is 503, and no 404, while PostgreSQL is away, but for what Redis holds", async () => {
    const away = Object.assign(new URL(process.env.DATABASE_URL!), { port: String(await freePort()) })
    await start({ DATABASE_URL: away.href })
    const response = await statusOf(crypto.randomUUID())
    expect(response.status).toBe(503)
    expect(response.headers.get("retry-after")).toBe("5")
    expect(await response.json()).toEqual({
      error: "Redis does not hold the run, and PostgreSQL, which may, does not answer: try again in a moment",
    })

    const { id } = await enqueue(email, { to: "a@example.com", template: "welcome", data: { userName: "A" } })
    expect((await statusOf(id)).status).toBe(200)
  })
})
