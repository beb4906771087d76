import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { jobs } from "../../lib/jobs/index.ts"
import { queueOf } from "../../lib/queues.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const KEY = "est_a_key_for_the_tests"
const mail = { to: "planted@example.com", template: "welcome", data: { userName: "Planted" } } as const

describe.each(Object.keys(runtimes) as Runtime[])("the admin routes on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterEach(() => queueOf(email).obliterate({ force: true }))
  afterAll(() => api.stop())

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${api.url}/api/admin/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return [response.status, await response.json()] as const
  }
  test("x", async () => {
    const { id } = await enqueue(email, mail)
    for (const p of [
      "jobs/stats",
      "jobs/queues",
      "jobs/queue/email",
      "jobs/queue/email-send/performance",
      "jobs/queue/email/logs?limit=50",
      "jobs/failed?limit=100",
      `jobs/job/email/${id}`,
      `jobs/job/email/${id}?reveal=true`,
      "jobs/health",
      "jobs/scheduled",
      "jobs/redis",
      "cost",
      "jobs/queue/nope",
      "jobs/failed?limit=0",
      "jobs/failed?limit=1000000&x=1",
      "jobs/failed?cursor=zz",
    ])
      console.log(p, JSON.stringify(await call("GET", p)))
    for (const p of [
      `retry/email/${id}`,
      `retry/email/zz`,
      "retry/nope/x",
      "pause/email",
      "resume/email",
      "clean/completed/email",
      "clean/failed/email",
      "schedules/zz/run",
    ])
      console.log(p, JSON.stringify(await call("POST", "jobs/" + p)))
    console.log(await call("DELETE", `jobs/email/${id}`), await call("DELETE", `jobs/email/${id}`))
  })
})
