import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { findDeliveries, resendDelivery } from "../../db/webhook-deliveries.ts"
import type { Answer } from "../../lib/outward/post.ts"
import { until } from "../../sandbox/until.ts"
import { entryOfRun } from "../ledger/entry.ts"
import { record } from "../ledger/record.ts"
import { keepCallbacks } from "./keep.ts"

const NOW = Date.UTC(2026, 1, 10, 12)

/** A run that has ended, as the ledger is told of it. */
async function ended(over: Record<string, unknown> = {}) {
  const run = {
    id: crypto.randomUUID() as string,
    queue: "email",
    name: "email",
    status: "completed" as const,
    priority: 5,
    payload: {},
    result: { sent: 1 },
    error: null,
    attempts: 1,
    askedAt: NOW,
    startedAt: NOW + 1,
    finishedAt: NOW + 2,
    callbackUrl: "https://shop.example/hooks",
    ...over,
  }
  await record([entryOfRun(run as never)], pool())
  return run.id
}

const deliveryOf = async (id: string) => (await findDeliveries("email", id))[0]
const bodyOf = async (id: string) => {
  const [row] = await pool()<{ body: string }[]>`select body from webhook_deliveries where run_id = ${id}`
  return JSON.parse(row!.body)
}

let kept: ReturnType<typeof keepCallbacks> | undefined
const keep = (
  deliver: (delivery: { id: string; host: string; attempt: number; turn: number }) => Promise<Answer>,
  more = {},
) => {
  kept = keepCallbacks({ deliver, waits: [20, 20, 20], ...more })
}

beforeEach(async () => {
  process.env.CALLBACK_SECRET = `whsec_${"A".repeat(32)}`
  await pool()`truncate webhook_deliveries`
})
afterEach(async () => {
  await kept?.stop()
  kept = undefined
  delete process.env.CALLBACK_SECRET
})

describe("the end of a run with a callback", () => {
  test("is to be told once, however often the ledger hears of it", async () => {
    const id = await ended()
    await ended({ id })
    expect(await findDeliveries("email", id)).toHaveLength(1)
    expect(await bodyOf(id)).toEqual({
      type: "run.completed",
      timestamp: "2026-02-10T12:00:00.002Z",
      data: {
        jobId: id,
        queue: "email",
        name: "email",
        status: "completed",
        returnValue: { sent: 1 },
        failedReason: null,
        attemptsMade: 1,
        createdAt: NOW,
        processedOn: NOW + 1,
        finishedOn: NOW + 2,
        statusUrl: `/api/jobs/email/${id}`,
      },
    })
  })

  test("is told as failed when it is, and again when it is tried again later", async () => {
    const id = await ended({ status: "timed-out", result: null, error: "too long" })
    expect(await bodyOf(id)).toMatchObject({
      type: "run.failed",
      data: { status: "failed", failedReason: "too long", returnValue: null },
    })
    await ended({ id, finishedAt: NOW + 60_000 })
    expect(await findDeliveries("email", id)).toHaveLength(2)
  })

  test("is told to nobody when nobody asked", async () => {
    expect(await deliveryOf(await ended({ callbackUrl: null }))).toBeUndefined()
  })
})

describe("a callback", () => {
  test("is delivered, and what came of it stays", async () => {
    const id = await ended()
    keep(async () => ({ status: 204 }))
    expect(await until(async () => (await deliveryOf(id))?.status === "delivered", 5_000)).toBe(true)
    expect(await deliveryOf(id)).toMatchObject({
      url: "https://shop.example/hooks",
      attempts: 1,
      dueAt: null,
      log: [{ at: expect.any(Number), took: expect.any(Number), status: 204 }],
    })
  })

  test("is tried again until it is taken", async () => {
    const answers: Answer[] = [{ error: "ECONNREFUSED" }, { status: 500 }, { status: 302 }, { status: 200 }]
    keep(async ({ attempt }) => answers[attempt - 1]!)
    const id = await ended()
    kept!.wake()
    expect(await until(async () => (await deliveryOf(id))?.status === "delivered", 5_000)).toBe(true)
    const { attempts, log } = (await deliveryOf(id))!
    expect(attempts).toBe(4)
    expect(log.map(({ status, error }) => status ?? error)).toEqual(["ECONNREFUSED", 500, 302, 200])
  })

  test("is given up after the last try, and at once when its receiver is gone", async () => {
    const [refused, gone] = [await ended(), await ended({ callbackUrl: "https://gone.example/" })]
    keep(async ({ host }) => ({ status: host === "gone.example" ? 410 : 503 }))
    const haveEnded = async () =>
      (await Promise.all([refused, gone].map(deliveryOf))).every((delivery) => delivery?.status === "failed")
    expect(await until(haveEnded, 5_000)).toBe(true)
    expect((await deliveryOf(refused))!.attempts).toBe(4)
    expect((await deliveryOf(gone))!.attempts).toBe(1)
  })

  test("that was given up is sent again when that is asked for, as often as at first", async () => {
    const id = await ended()
    let takes = false
    const turns: number[] = []
    keep(async ({ turn }) => {
      turns.push(turn)
      return { status: takes ? 200 : 503 }
    })
    const has = (status: string) => until(async () => (await deliveryOf(id))?.status === status, 5_000)
    expect(await has("failed")).toBe(true)
    const asked = { queue: "email", runId: id, id: (await deliveryOf(id))!.id }
    expect(await resendDelivery(asked)).toMatchObject({ status: "pending", attempts: 4 })
    kept!.wake()
    expect(await has("failed")).toBe(true)
    expect(turns).toEqual([1, 2, 3, 4, 1, 2, 3, 4])
    takes = true
    await resendDelivery(asked)
    kept!.wake()
    expect(await has("delivered")).toBe(true)
    expect((await deliveryOf(id))!.log.map(({ status }) => status)).toEqual([...Array(8).fill(503), 200])
    expect(await resendDelivery({ ...asked, queue: "report" })).toBe(false)
    expect(await resendDelivery({ ...asked, runId: crypto.randomUUID() })).toBe(false)
  })

  test("that is being sent is not sent beside itself", async () => {
    const id = await ended()
    const gate = Promise.withResolvers<Answer>()
    let tries = 0
    keep(() => {
      tries += 1
      return gate.promise
    })
    expect(await until(() => tries === 1, 5_000)).toBe(true)
    const asked = { queue: "email", runId: id, id: (await deliveryOf(id))!.id }
    expect(await resendDelivery(asked)).toBe("busy")
    gate.resolve({ status: 200 })
    expect(await until(async () => (await deliveryOf(id))?.status === "delivered", 5_000)).toBe(true)
    expect(tries).toBe(1)
  })

  test("waits as long as its receiver asks for", async () => {
    const id = await ended()
    keep(async () => ({ status: 429, retryAfter: 60_000 }))
    expect(await until(async () => (await deliveryOf(id))?.log.length === 1, 5_000)).toBe(true)
    const { dueAt, status } = (await deliveryOf(id))!
    expect(status).toBe("pending")
    expect(dueAt! - Date.now()).toBeGreaterThan(50_000)
  })

  test("that a worker took and never told of is taken over, under the same id", async () => {
    const id = await ended()
    const ids: string[] = []
    const tooLate = Promise.withResolvers<Answer>()
    keep(
      (delivery) => {
        ids.push(delivery.id)
        return ids.length === 1 ? tooLate.promise : Promise.resolve({ status: 200 })
      },
      { lease: 300 },
    )
    expect(await until(() => ids.length === 1, 5_000)).toBe(true)
    const other = keepCallbacks({
      deliver: async (delivery) => {
        ids.push(delivery.id)
        return { status: 200 }
      },
      lease: 300,
    })
    expect(await until(async () => (await deliveryOf(id))?.status === "delivered", 5_000)).toBe(true)
    expect(new Set(ids).size).toBe(1)
    tooLate.resolve({ status: 500 })
    await Promise.all([kept!.stop(), other.stop()])
    expect(await deliveryOf(id)).toMatchObject({ status: "delivered", attempts: 2 })
  })
})

test("no host is sent more than two at a time, and a slow one keeps no other back", async () => {
  const now = new Map<string, number>()
  let most = 0
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const slow = await Promise.all(
    Array.from({ length: 30 }, () => ended({ callbackUrl: "https://slow.example/x" })),
  )
  const quick = await Promise.all(
    Array.from({ length: 10 }, (_, index) => ended({ callbackUrl: `https://h${index}.example/x` })),
  )
  keep(async ({ host }) => {
    now.set(host, (now.get(host) ?? 0) + 1)
    most = Math.max(most, now.get(host)!)
    if (host === "slow.example") await released
    now.set(host, now.get(host)! - 1)
    return { status: 200 }
  })
  const delivered = async (ids: string[]) =>
    (await Promise.all(ids.map(deliveryOf))).every((delivery) => delivery?.status === "delivered")
  expect(await until(() => delivered(quick), 5_000)).toBe(true)
  expect(now.get("slow.example")).toBe(2)
  release()
  expect(await until(() => delivered(slow), 10_000)).toBe(true)
  expect(most).toBe(2)
})

test("callbacks wait for a secret to sign them with", async () => {
  delete process.env.CALLBACK_SECRET
  const id = await ended()
  let asked = 0
  keep(async () => {
    asked++
    return { status: 200 }
  })
  await kept!.stop()
  expect(asked).toBe(0)
  expect(await deliveryOf(id)).toMatchObject({ status: "pending", attempts: 0 })
})
