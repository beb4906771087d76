import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../db/pool.ts"
import { email } from "../lib/jobs/email.ts"
import { priceSync } from "../lib/jobs/price-sync.ts"
import { queueOf } from "../lib/queues.ts"
import { fetchDescribed } from "../sandbox/openapi/described.ts"
import { freePort } from "../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../sandbox/service.ts"
import { until } from "../sandbox/until.ts"
import { relayBatch } from "../worker/outbox/relay.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }
const mail = (to = "ana@example.com") => ({ to, template: "welcome", data: { userName: "Ana" } })

describe.each(Object.keys(runtimes) as Runtime[])("the API on %s", (runtime) => {
  let usual: Service
  let api: Service
  const start = async (env: Record<string, string> = {}) => (await startService(runtimes[runtime], env)).up()
  /** Have what is asked go to an API with this in its environment. */
  const startAnother = async (env: Record<string, string>) => {
    api = await start(env)
  }
  const post = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const response = await fetchDescribed(`${api.url}/api/jobs/${path}`, {
      method: "POST",
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown }
  }
  const counted = () => queueOf(email).getJobCountByTypes("prioritized", "delayed", "waiting")

  beforeAll(async () => {
    usual = await start()
  })
  afterAll(() => usual.stop())
  beforeEach(async () => {
    api = usual
    await pool()`truncate outbox, idempotency_keys`
  })
  afterEach(async () => {
    if (api !== usual) await api.stop()
    await queueOf(email).obliterate({ force: true })
  })

  describe("with an Idempotency-Key", () => {
    const key = () => ({ "idempotency-key": crypto.randomUUID() })

    test("asks for a run once, however often and however many at a time it is asked", async () => {
      const one = key()
      /** As callers do: with 503, which says that PostgreSQL takes its time, comes that they are to try again. */
      const ask = async (path: string) => {
        let answer = await post(path, { data: mail() }, one)
        while (answer.status === 503) answer = await post(path, { data: mail() }, one)
        return answer
      }
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask("email")))
      answers.push(await ask("email-send"))
      const [first] = answers
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
      expect(first!.body).toMatchObject({ queue: "email", status: "accepted" })
      const replayed = answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true")
      expect(replayed.length).toBeWithin(20, 22)
      expect(await relayBatch()).toBe(1)
      expect(await counted()).toBe(1)
    })

    test("refuses another body, or another route, with the same key", async () => {
      const one = key()
      expect((await post("email", { data: mail() }, one)).status).toBe(202)
      const refused = [
        await post("email", { data: mail("bia@example.com") }, one),
        await post("email", { data: mail(), options: { delay: 5 } }, one),
        await post("email/batch", { jobs: [{ data: mail() }] }, one),
      ]
      for (const { status, body } of refused)
        expect([status, body]).toEqual([
          409,
          { error: "This Idempotency-Key was used for something else within the last 24 hours" },
        ])
      expect(await relayBatch()).toBe(1)
    })

    test("does not spend the key on what is refused, and takes it anew after a day", async () => {
      const one = key()
      expect((await post("email", { data: mail("nobody") }, one)).status).toBe(400)
      const { body: first } = await post("email", { data: mail() }, one)
      await pool()`update idempotency_keys set created_at = now() - interval '25 hours'`
      const { body: second, status } = await post("email", { data: mail("bia@example.com") }, one)
      expect(status).toBe(202)
      expect((second as { jobId: string }).jobId).not.toBe((first as { jobId: string }).jobId)
      expect(await relayBatch()).toBe(2)
    })

    test("tells callers apart, and is told of a run at once", async () => {
      const one = key()
      const { body } = await post("email", { data: mail() }, one)
      const { jobId } = body as { jobId: string }
      const status = await (await fetch(`${api.url}/api/jobs/email/${jobId}`, { headers })).json()
      expect(status).toMatchObject({ jobId, status: "waiting" })

      const made = await fetch(`${api.url}/api/admin/keys`, {
        method: "POST",
        headers,
        body: JSON.stringify({ name: "shop", scopes: ["enqueue"] }),
      })
      const { key: other } = (await made.json()) as { key: string }
      const asked = await post(
        "email",
        { data: mail("bia@example.com") },
        { ...one, authorization: `Bearer ${other}` },
      )
      expect(asked.status).toBe(202)
    })

    test("wants one that can be told, and PostgreSQL to keep it", async () => {
      const away = Object.assign(new URL(process.env.DATABASE_URL!), { port: String(await freePort()) })
      await startAnother({ DATABASE_URL: away.href })
      for (const bad of ["", "a b", "x".repeat(256)])
        expect((await post("email", { data: mail() }, { "idempotency-key": bad })).status).toBe(400)
      const { status, body } = await post("email", { data: mail() }, key())
      expect([status, body]).toEqual([
        503,
        {
          error:
            "PostgreSQL, which remembers what an Idempotency-Key stands for, does not answer: try again with the same key",
        },
      ])
      expect((await post("email", { data: mail() })).body).toMatchObject({ status: "enqueued" })
    })
  })

  describe("asked for many", () => {
    test("takes all, in their order", async () => {
      const jobs = Array.from({ length: 1_000 }, (_, index) => ({ data: mail(`p${index}@example.com`) }))
      const { status, body } = await post("email-send/batch", { jobs })
      expect(status).toBe(202)
      const { jobIds, ...rest } = body as { jobIds: string[] }
      expect(rest).toEqual({ queue: "email", status: "enqueued" })
      expect(new Set(jobIds).size).toBe(1_000)
      expect(await counted()).toBe(1_000)
      expect((await queueOf(email).getJob(jobIds[712]!))?.data.to).toEqual(["p712@example.com"])
    })

    test("takes none when one is not right, and says which", async () => {
      const jobs = [{ data: mail() }, { data: mail("nobody") }, { data: mail(), options: { attempts: 99 } }]
      expect(await post("email/batch", { jobs })).toMatchObject({ status: 400 })
      const { body } = await post("email/batch", { jobs: [...jobs.slice(0, 2)] })
      expect((body as { details: { path: string }[] }).details.map(({ path }) => path)).toEqual(["1.data.to"])
      expect(await counted()).toBe(0)
      for (const jobs of [[], Array.from({ length: 1_001 }, () => ({ data: mail() }))])
        expect((await post("email/batch", { jobs })).status).toBe(400)
    })

    test("keeps all while Redis is away, and once for a key", async () => {
      await startAnother({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
      const jobs = Array.from({ length: 50 }, (_, index) => ({ data: mail(`p${index}@example.com`) }))
      const { status, body } = await post("email/batch", { jobs })
      expect(status).toBe(202)
      expect(body).toMatchObject({ status: "accepted" })
      const key = { "idempotency-key": "many" }
      const twice = [await post("email/batch", { jobs }, key), await post("email/batch", { jobs }, key)]
      expect(twice[1]!.body).toEqual(twice[0]!.body)
      expect(await relayBatch()).toBe(100)
    })
  })

  test("asks for a run once while one of the same deduplication is there", async () => {
    const options = { deduplication: { id: "ana", ttl: 60_000 } }
    const asked = [
      await post("email", { data: mail(), options }),
      await post("email", { data: mail(), options }),
      await post("email", { data: mail(), options: { deduplication: { id: "bia" } } }),
    ]
    const [first, second, third] = asked.map(({ body }) => (body as { jobId: string }).jobId)
    expect(second).toBe(first!)
    expect(third).not.toBe(first!)
    expect(await counted()).toBe(2)
    const bad = { deduplication: { id: "ana", ttl: 0.5 } }
    expect((await post("email", { data: mail(), options: bad })).status).toBe(400)
  })

  describe("asked about a run that is not in Redis", () => {
    const idOf = ({ body }: { body: unknown }) => (body as { jobId: string }).jobId
    const look = async (id: string) =>
      await (await fetch(`${api.url}/api/jobs/email/${id}`, { headers })).json()
    const cancel = async (id: string) => (await post(`email/${id}/cancel`, {})).status
    const key = () => ({ "idempotency-key": crypto.randomUUID() })
    /** Have the ledger alone know of a run. */
    const end = async (id: string, status: string) => {
      await queueOf(email).remove(id)
      await pool()`
        insert into runs (id, queue, name, status, error, priority, payload, attempts, asked_at, finished_at)
        values (
          ${id}, 'email', 'email', ${status}, ${status === "completed" ? null : "no longer wanted"}, 5, '{}', 1, now(), now()
        )
      `
    }

    test("tells of the one that stands for it and cancels that, wherever it is", async () => {
      const options = { delay: 600_000, deduplication: { id: crypto.randomUUID() } }
      const first = idOf(await post("email", { data: mail(), options }))
      const second = idOf(await post("email", { data: mail(), options }, key()))
      expect(await relayBatch()).toBe(1)
      expect(await look(second)).toMatchObject({ jobId: first, status: "delayed" })
      expect(await cancel(second)).toBe(200)
      expect(await look(first)).toMatchObject({ status: "cancelled" })
      await end(first, "cancelled")
      expect(await look(second)).toMatchObject({ jobId: first, status: "cancelled" })
      expect(await cancel(second)).toBe(200)
    })

    test("knows one in the outbox by whatever name of its queue SQL has asked for it", async () => {
      const [asked] =
        await pool()`select enqueue_job('email-send', ${JSON.stringify(mail())}::text::jsonb) as id`
      expect(await look(asked!.id)).toMatchObject({ jobId: asked!.id, queue: "email", status: "waiting" })
      expect(await cancel(asked!.id)).toBe(200)
    })

    test("knows one in the outbox whatever SQL has written of when it is to be run", async () => {
      for (const delay of ["soon", {}, null, -1, true]) {
        const options = JSON.stringify({ delay })
        const [asked] = await pool()`select enqueue_job('email', '{}', ${options}::text::jsonb) as id`
        expect([delay, await look(asked!.id)]).toMatchObject([delay, { status: "waiting" }])
        expect([delay, await cancel(asked!.id)]).toEqual([delay, 200])
      }
      const [asked] = await pool()`select enqueue_job('email', '{}', '{"delay": 5}') as id`
      expect(await look(asked!.id)).toMatchObject({ status: "delayed" })
    })

    test("cancels one in the outbox as what it was: who asked is known, and where that is to be told", async () => {
      await startAnother({ CALLBACK_SECRET: `whsec_${btoa("x".repeat(32))}` })
      const options = { callbackUrl: "https://shop.example/hooks" }
      const id = idOf(await post("email", { data: mail(), options }, key()))
      expect(await cancel(id)).toBe(200)
      const [row] = await pool()`
        select asked_by, url, body::jsonb ->> 'type' as type
        from runs join webhook_deliveries on run_id = runs.id
        where runs.id = ${id}
      `
      expect(row).toEqual({ askedBy: "admin", url: options.callbackUrl, type: "run.cancelled" })
      const bad = { callbackUrl: "https://10.0.0.1/" }
      const [asked] =
        await pool()`select enqueue_job('email', '{}', ${JSON.stringify(bad)}::text::jsonb) as id`
      expect(await cancel(asked!.id)).toBe(200)
      expect(await pool()`select 1 from webhook_deliveries where run_id = ${asked!.id}`).toHaveLength(0)
    })

    test("cancels one in the outbox however often it is asked, and none that has ended", async () => {
      const waiting = idOf(await post("email", { data: mail() }, key()))
      expect([await cancel(waiting), await cancel(waiting)]).toEqual([200, 200])
      const done = crypto.randomUUID()
      await end(done, "completed")
      expect(await cancel(done)).toBe(409)
    })
  })

  test("answers 429 while too many wait, and takes more once they are fewer", async () => {
    await startAnother({ QUEUE_DEPTH_LIMIT: "20" })
    const jobs = Array.from({ length: 15 }, () => ({ data: mail() }))
    expect((await post("email/batch", { jobs })).status).toBe(202)
    const refused = await post("email/batch", { jobs })
    expect(refused.status).toBe(429)
    expect(refused.headers.get("retry-after")).toBe("10")
    expect(refused.body).toEqual({ error: "Queue email is full: 20 runs wait in it at most" })
    expect((await post("price-sync", { data: {} })).status).toBe(202)
    await Promise.all([email, priceSync].map((job) => queueOf(job).obliterate({ force: true })))
    expect(await until(async () => (await post("email/batch", { jobs })).status === 202, 10_000)).toBe(true)
    const one = { "idempotency-key": crypto.randomUUID() }
    // A count that met the runs on their way has them twice, for a second.
    expect(await until(async () => (await post("email", { data: mail() }, one)).status === 202, 5_000)).toBe(
      true,
    )
    expect((await post("email/batch", { jobs })).status).toBe(429)
    expect((await post("email", { data: mail() }, one)).status).toBe(202)
  })
})
