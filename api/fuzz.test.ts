import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { addMailing } from "../db/mailings.ts"
import { pool } from "../db/pool.ts"
import { moveToOwnDatabase } from "../db/testing.ts"
import { signMessage } from "../lib/callbacks/sign.ts"
import { unsubscribeUrl } from "../lib/emails/subscription.ts"
import { enqueue } from "../lib/enqueue.ts"
import { backup } from "../lib/jobs/backup.ts"
import { jobs, queueAliases } from "../lib/jobs/index.ts"
import { queueOf } from "../lib/queues.ts"
import { schedulesOf } from "../lib/schedules/declared.ts"
import { seedDemo } from "../sandbox/demo.ts"
import { createAnswerCheck } from "../sandbox/openapi/answers.ts"
import { describedBy, type Operation } from "../sandbox/openapi/document.ts"
import { requestsFor, type Sent } from "../sandbox/openapi/requests.ts"
import { type Runtime, runtimes, type Service, startService } from "../sandbox/service.ts"

const KEY = process.env.ADMIN_API_KEY!

/** Without it a run that asks for a callback is refused as not configured: 503. */
const CALLBACK_SECRET = `whsec_${Buffer.from("a secret that callbacks are signed with").toString("base64")}`

/** What the webhooks of providers are signed with: unsigned, none gets past that. */
const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret that webhooks are signed with").toString("base64")}`
/** Without it there is no web push, and a browser's subscription is refused likewise. */
const VAPID_PUBLIC_KEY =
  "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"

/** Requests by runtime: the whole on one, and on the other enough to see that it is no different. */
const REQUESTS: Record<Runtime, number> = { bun: 5_000, deno: 500 }
const AT_ONCE = 8

let goBack: () => Promise<void>
let known: Record<string, string[]>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  await seedDemo(pool(), "a password of the demo's people")
  const { id } = await enqueue(backup, {}, { delay: 3_600_000 })
  await addMailing({
    ...{ key: null, agencyId: null, list: "newsletter", subject: null, sender: null, locale: "pt-BR" },
    ...{ template: "newsletter", data: {}, perMinute: 600, createdBy: "fuzz" },
  })
  const subscription = { email: "ana@example.com", list: "newsletter", agencyId: null, locale: "en" } as const
  known = {
    id: [id, "1"],
    jobId: [id],
    queue: queueAliases,
    queueName: queueAliases,
    name: schedulesOf().map(({ name }) => name),
    template: ["welcome"],
    token: [`${"a".repeat(43)}.${"b".repeat(43)}`, unsubscribeUrl(subscription).split("/").at(-1)!],
  }
})
afterAll(async () => {
  await Promise.all(jobs.map((job) => queueOf(job).obliterate({ force: true })))
  await goBack()
})

describe.each(Object.keys(runtimes) as Runtime[])(
  "the API on %s, asked all that its description allows, and worse",
  (runtime) => {
    let api: Service
    let operations: Operation[]
    beforeAll(async () => {
      api = await (
        await startService(runtimes[runtime], {
          LOG_LEVEL: "error",
          CALLBACK_SECRET,
          RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
          VAPID_PUBLIC_KEY,
        })
      ).up()
      operations = (await describedBy(api.url, KEY)).operations
      // The first preview loads React, for which Deno lets everything else wait.
      await fetch(`${api.url}/api/admin/emails/welcome/preview`, {
        headers: { authorization: `Bearer ${KEY}` },
      })
    })
    afterAll(() => api.stop())

    test("answers every request with what the caller can do, and lives", async () => {
      const each = Math.ceil(REQUESTS[runtime] / operations.length)
      const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
      const requests = operations.flatMap((operation) =>
        fc.sample(requestsFor(operation, known), { numRuns: each, seed }),
      )
      const failures: string[] = []
      const check = createAnswerCheck()
      const statuses = new Map<number, number>()
      const next = requests.values()
      const caller = async () => {
        for (const sent of next) {
          const { status, said, ...answer } = await ask(api, sent)
          const fault = status < 500 && check(sent.operation, { status, ...answer })
          if (fault)
            failures.push(`${describeRequest(sent)} -> ${status} ${said}: ${fault} (FUZZ_SEED=${seed})`)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          if (status >= 500)
            failures.push(`${describeRequest(sent)} -> ${status} ${said} (FUZZ_SEED=${seed})`)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, caller))

      expect(failures).toEqual([])
      expect(api.over()).toBe(false)
      expect(api.output()).toBe("")
      expect(requests.length).toBeGreaterThanOrEqual(REQUESTS[runtime])
      // Neither all refused at the door, nor all taken: both halves were tried.
      for (const status of [200, 400, 404, ...(runtime === "bun" ? [202] : [])])
        expect([status, statuses.has(status)]).toEqual([status, true])
    })
  },
)

async function ask(api: Service, { operation: { method }, path, headers, body }: Sent) {
  try {
    const response = await fetch(`${api.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        authorization: `Bearer ${KEY}`,
        ...headers,
        ...(path.startsWith("/webhooks/") && signatureOf(body ?? "")),
      },
      signal: AbortSignal.timeout(30_000),
      ...(body !== undefined && { body }),
    })
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream")
    // A stream has no end to wait for.
    const text = isStream ? await response.body!.cancel().then(() => "a stream") : await response.text()
    return {
      status: response.status,
      contentType: response.headers.get("content-type"),
      text,
      said: text.slice(0, 300),
    }
  } catch (error) {
    return { status: 599, contentType: null, text: "", said: String(error) }
  }
}

function signatureOf(body: string) {
  const [id, at] = [`msg_${crypto.randomUUID()}`, Math.floor(Date.now() / 1_000)]
  return {
    "svix-id": id,
    "svix-timestamp": String(at),
    "svix-signature": signMessage(WEBHOOK_SECRET, { id, at, body }),
  }
}

const describeRequest = ({ operation: { method }, path, headers, body = "" }: Sent) =>
  `${method} ${path.slice(0, 500)} ${JSON.stringify(headers)} ${body.slice(0, 1_000)}`
