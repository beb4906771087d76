import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { listAuditLog } from "../../db/audit-log.ts"
import { pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueClient, queueKey, queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { createLedger } from "../../worker/ledger/ledger.ts"
import { startWorkers } from "../../worker/workers.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests" }
const PLANTED = /planted|Beatriz/i
const mail = {
  to: "planted@example.com",
  template: "welcome",
  data: { userName: "Beatriz Planted" },
} as const

/** Have a mail tried once, of which Resend says something personal, and recorded. */
async function failed() {
  const ledger = createLedger()
  const workers = startWorkers(undefined, { observers: [ledger.observer] })
  const { id } = await enqueue(email, mail, { attempts: 1 }, { name: "for Beatriz Planted" })
  expect(await until(async () => (await findRun(email, id))?.status === "failed", 10_000)).toBe(true)
  await workers.stop(5)
  await ledger.close(5_000)
  workers.disconnect()
  // What a processor of another release may have said.
  const key = queueKey("email", id)
  await queueClient().hset(key, "failedReason", "No mail to Beatriz Planted <planted@example.com>")
  await queueClient().hset(
    key,
    "stacktrace",
    JSON.stringify(["Error: Beatriz Planted\n    at send (mail.ts:1:1)"]),
  )
  await queueOf(email).addJobLog(id, "Writing to planted@example.com", 10)
  return id
}

describe.each(Object.keys(runtimes) as Runtime[])("a run as operators see it, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  beforeEach(() => void world.resend.fail({ times: 1, status: 422 }))
  afterEach(async () => {
    world.resend.forgive()
    await queueOf(email).obliterate({ force: true })
  })
  afterAll(() => api.stop())
  const get = async (path: string) => {
    const base = path.startsWith("/api/") ? "" : "/api/admin/jobs"
    const response = await fetch(`${api.url}${base}${path}`, { headers })
    expect(response.status).toBe(200)
    return await response.text()
  }
  /** Where a run is told of. */
  const places = (id: string) => [`/job/email/${id}`, `/api/jobs/email/${id}`]

  test("has no personal data in any of its texts, wherever it is shown", async () => {
    const id = await failed()
    for (const path of [
      ...places(id),
      `/api/jobs/email/${id}/events`,
      "/failed",
      "/queue/email",
      "/queue/email/logs",
    ]) {
      const told = await get(path)
      expect(told).toContain(id)
      expect(told).not.toMatch(PLANTED)
    }
    const run = JSON.parse(await get(`/job/email/${id}`))
    expect(run.stacktrace[0]).toContain("at send (mail.ts:1:1)")
    expect(run.logs.length).toBeGreaterThan(0)
  })

  test("is shown as it is to whoever asks for it to be revealed", async () => {
    const id = await failed()
    for (const place of places(id))
      expect(JSON.parse(await get(`${place}?reveal=true`))).toMatchObject({
        name: "for Beatriz Planted",
        data: { to: ["planted@example.com"], data: { userName: "Beatriz Planted" } },
        failedReason: "No mail to Beatriz Planted <planted@example.com>",
      })
  })

  test("has none either while it waits in the outbox, until it is revealed", async () => {
    const asked = await fetch(`${api.url}/api/jobs/email`, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
      },
      body: JSON.stringify({ data: mail }),
    })
    const { jobId } = (await asked.json()) as { jobId: string }
    for (const place of places(jobId)) {
      const told = await get(place)
      expect(JSON.parse(told)).toMatchObject({ jobId, status: "waiting" })
      expect(told).not.toMatch(PLANTED)
      expect(await get(`${place}?reveal=true`)).toMatch(PLANTED)
    }
    await pool()`delete from outbox where id = ${jobId}`
  })

  test("is revealed to admins alone, and the audit log has who looked", async () => {
    const id = await failed()
    const made = await fetch(`${api.url}/api/admin/keys`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ name: "reader", scopes: ["read", "operate", "enqueue"] }),
    })
    const { key } = (await made.json()) as { key: string }
    const reader = { authorization: `Bearer ${key}` }
    for (const path of [`/api/admin/jobs/job/email/${id}`, `/api/jobs/email/${id}`]) {
      const look = (headers: Record<string, string>, query = "") =>
        fetch(`${api.url}${path}${query}`, { headers })
      expect((await look(reader)).status).toBe(200)
      const refused = await look(reader, "?reveal=true")
      expect([refused.status, await refused.json()]).toEqual([
        403,
        { error: "Forbidden: admin access required" },
      ])

      const requestId = crypto.randomUUID()
      await look({ ...headers, "x-request-id": requestId }, "?reveal=true")
      expect(await listAuditLog({ action: "run.reveal", requestId }, 10)).toMatchObject([
        { phase: "done", actor: "admin", target: `email/${id}`, status: 200, requestId },
        { phase: "asked", actor: "admin", target: `email/${id}`, status: null, requestId },
      ])
    }
    await fetch(`${api.url}/api/admin/jobs/job/email/${crypto.randomUUID()}?reveal=true`, { headers })
    expect((await listAuditLog({ action: "run.reveal" }, 1))[0]).toMatchObject({ phase: "done", status: 404 })
  })

  test("is told by the ledger once Redis has forgotten it, where there is nothing to reveal", async () => {
    const id = await failed()
    await queueOf(email).obliterate({ force: true })
    for (const path of [`/job/email/${id}`, `/job/email/${id}?reveal=true`]) {
      const told = await get(path)
      expect(JSON.parse(told)).toMatchObject({ id, jobId: id, status: "failed", source: "ledger" })
      expect(told).not.toMatch(PLANTED)
    }
  })
})
