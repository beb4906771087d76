import { afterAll, beforeAll, expect, test } from "bun:test"
import { createRequire } from "node:module"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { onLoopback } from "../../sandbox/loopback.ts"
import { runtimes, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }
const secret = `whsec_${Buffer.from("a secret of the tests, of 32 byt").toString("base64")}`
const { Webhook } = createRequire(createRequire(import.meta.url).resolve("resend"))("standardwebhooks")

interface Told {
  type: string
  data: { jobId: string; status: string; failedReason: string | null }
}

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

test("a caller is told of the end of every run, though workers are killed all the while", async () => {
  const told = new Map<string, Told[]>()
  const receiver = Bun.serve({
    ...onLoopback,
    port: 0,
    async fetch(request) {
      const body = await request.text()
      const message = new Webhook(secret).verify(body, Object.fromEntries(request.headers)) as Told
      told.set(message.data.jobId, [...(told.get(message.data.jobId) ?? []), message])
      return new Response(null, { status: 204 })
    },
  })
  const env = {
    WORKER_QUEUES: "email",
    ALLOW_PRIVATE_ADDRESSES: "true",
    CALLBACK_SECRET: secret,
    LOCK_DURATION: "1000",
    STALLED_INTERVAL: "1000",
  }
  const api = await (await startService(runtimes.bun, env)).up()
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${api.url}/api/jobs/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as { jobId: string; jobIds: string[] } }
  }
  const options = { callbackUrl: `http://127.0.0.1:${receiver.port}/hook` }
  const mail = (to: string) => ({ to, template: "welcome", data: { userName: "Ana" } })

  const asked: string[] = []
  for (let round = 0; round < 4; round++) {
    const worker = await startService([process.execPath, "worker/main.ts"], env)
    const jobs = Array.from({ length: 25 }, (_, index) => ({
      data: mail(`r${round}.${index}@example.com`),
      options,
    }))
    asked.push(...(await post("email/batch", { jobs })).body.jobIds)
    // Killed with some done, and some of those told to nobody yet.
    await until(() => world.resend.messages.length >= 25 * round + 10, 20_000)
    worker.signal("SIGKILL")
    await worker.ended
  }
  const worker = await (await startService([process.execPath, "worker/main.ts"], env)).up()
  const cancelled = (
    await post("email", { data: mail("late@example.com"), options: { ...options, delay: 3_600_000 } })
  ).body.jobId
  await post(`email/${cancelled}/cancel`, { reason: "test" })
  asked.push(cancelled)

  expect(await until(() => asked.every((id) => told.has(id)), 60_000)).toBe(true)
  for (const id of asked) {
    const [first, ...again] = told.get(id)!
    expect(first!.type).toBe(id === cancelled ? "run.cancelled" : "run.completed")
    // At least once: what a worker sent just before it was killed is sent again.
    for (const message of again) expect(message).toEqual(first!)
  }
  const log = await (await fetch(`${api.url}/api/jobs/email/${asked[0]}/callbacks`, { headers })).json()
  expect(log).toMatchObject({
    callbacks: [{ status: "delivered", nextAttemptAt: null, log: [{ status: 204 }] }],
  })

  const [{ id: callback }] = (log as { callbacks: [{ id: string }] }).callbacks
  const again = (which: string) =>
    fetch(`${api.url}/api/jobs/email/${asked[0]}/callbacks/${which}/resend`, { method: "POST", headers })
  const before = told.get(asked[0]!)!.length
  const answer = await again(callback)
  expect([answer.status, await answer.json()]).toMatchObject([
    202,
    { success: true, callback: { id: callback, status: "pending" } },
  ])
  expect(await until(() => told.get(asked[0]!)!.length > before, 10_000)).toBe(true)
  expect((await again(`msg_${crypto.randomUUID()}`)).status).toBe(404)
  const audit = await fetch(`${api.url}/api/admin/audit?action=callback.resend`, { headers })
  const { entries } = (await audit.json()) as { entries: { phase: string }[] }
  expect(entries.filter(({ phase }) => phase === "done")).toMatchObject([
    { status: 404 },
    { status: 202, target: `email/${asked[0]}` },
  ])

  await Promise.all([api.stop(), worker.stop(), receiver.stop(true)])
})

test("a callback is refused where it may not go, and where there is nothing to sign it with", async () => {
  const ask = async (env: Record<string, string>, callbackUrl: string) => {
    const api = await (await startService(runtimes.deno, env)).up()
    const data = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } }
    const body = JSON.stringify({ data, options: { callbackUrl } })
    const response = await fetch(`${api.url}/api/jobs/email`, { method: "POST", headers, body })
    await api.stop()
    return [response.status, ((await response.json()) as { error: string }).error]
  }
  expect(await ask({ CALLBACK_SECRET: secret }, "https://[::ffff:10.0.0.1]/hook")).toEqual([
    400,
    "Bad request: options.callbackUrl: an address of the public network",
  ])
  expect(await ask({ CALLBACK_SECRET: secret }, "http://example.com/hook")).toEqual([
    400,
    "Bad request: options.callbackUrl: a URL that begins with https://",
  ])
  expect(await ask({}, "https://example.com/hook")).toEqual([
    503,
    expect.stringContaining("Not configured: set CALLBACK_SECRET"),
  ])
})
