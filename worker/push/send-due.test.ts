import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { nextDue, nextService, takeDue } from "../../db/push-deliveries.ts"
import { subscribe } from "../../db/push-subscriptions.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { parseMetrics } from "../../lib/metrics/parse.testing.ts"
import type { Failure } from "../../sandbox/push/failures.ts"
import { type PushSimulator, startPush } from "../../sandbox/push/simulator.ts"
import { until } from "../../sandbox/until.ts"
import { perform } from "../testing.ts"
import { pushCounts } from "./counts.ts"
import { readReceipts } from "./keep.ts"
import { sendDue } from "./send-due.ts"
import {
  browserOf,
  devicesLeft,
  letPass,
  moveToPushSimulator,
  outcomes,
  phoneOf,
  somebody,
} from "./testing.ts"

let leave: () => Promise<void>
let push: PushSimulator
let goBack: () => Promise<void>
let user: number

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
beforeEach(async () => {
  ;({ push, goBack } = moveToPushSimulator())
  await pool()`truncate agencies, users, push_services restart identity cascade`
  user = await somebody()
})
afterEach(() => goBack())

const signal = new AbortController().signal
const send = () => sendDue({ signal })
const tell = (userId: number | number[] = user) =>
  perform(
    "notification",
    notification.payload.parse({ title: "Oi", message: "Olá", userId: [userId].flat() }),
  )

describe("a browser's push service", () => {
  test.each<[what: string, failure: Partial<Failure>, became: string, wait: [number, number]]>([
    ["404", { status: 404 }, "gone", [-5, 5]],
    ["410", { status: 410 }, "gone", [-5, 5]],
    ["400", { status: 400 }, "refused", [-5, 5]],
    ["413", { status: 413 }, "refused", [-5, 5]],
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1/" } }, "refused", [-5, 5]],
    ["401", { status: 401 }, "pending", [590, 601]],
    ["403", { status: 403 }, "pending", [590, 601]],
    ["406", { status: 406 }, "pending", [4, 6]],
    ["429", { status: 429 }, "pending", [4, 6]],
    ["500", { status: 500 }, "pending", [4, 6]],
    ["503", { status: 503 }, "pending", [4, 6]],
    ["nothing", { mode: "reset" }, "pending", [4, 6]],
  ])("says %s", async (_what, failure, became, [least, most]) => {
    const { subscriptionId } = await browserOf(user, push)
    push.fail({ times: 1, at: "web", ...failure })
    await tell()
    const { status, wait, error } = (await outcomes())[0]!
    expect(status).toBe(became)
    expect(error).toBeTruthy()
    expect([wait >= least, wait <= most]).toEqual([true, true])
    expect(await devicesLeft()).toEqual(became === "gone" ? [] : [subscriptionId])
    expect(push.web).toEqual([])
    await letPass()
    await send()
    expect(push.web).toHaveLength(became === "pending" ? 1 : 0)
  })

  test("is left alone as long as it asks, and then those alone are tried again that are left", async () => {
    const devices = []
    for (let count = 0; count < 3; count++) devices.push(await browserOf(user, push))
    push.fail({ times: 1, at: "web", status: 429, headers: { "retry-after": "1" }, device: devices[1]!.id })
    await tell()
    const busy = (await outcomes())[1]!
    expect(busy.status).toBe("pending")
    await letPass()
    while (!(await send()));
    expect(push.web.map(({ device }) => device).sort()).toEqual(devices.map(({ id }) => id).sort())
    await letPass()
    expect(await send()).toBe(0)
  })

  test("that asks for a day is heeded, by each device", async () => {
    const { id } = await browserOf(user, push)
    push.fail({ times: 1, at: "web", status: 503, headers: { "retry-after": "7200" }, device: id })
    await tell()
    const { wait } = (await outcomes())[0]!
    expect([wait > 7_100, wait <= 7_200]).toEqual([true, true])
  })

  test("that took it and did not say so is asked again, and the push takes its own place", async () => {
    const { id } = await browserOf(user, push)
    push.fail({ times: 1, at: "web", mode: "take-then-reset" })
    await tell()
    expect(await outcomes()).toMatchObject([{ status: "pending", inDoubt: true }])
    await letPass()
    await send()
    expect(await outcomes()).toMatchObject([{ status: "sent", inDoubt: true, attempts: 2 }])
    expect(push.web.map(({ device }) => device)).toEqual([id, id])
    expect(new Set(push.web.map(({ topic }) => topic)).size).toBe(1)
    expect(new Set(push.web.map(({ content }) => content!.tag)).size).toBe(1)
  })

  test("is not asked for a device that has become another's", async () => {
    const browser = await browserOf(user, push)
    push.fail({ times: 1, at: "web", status: 503 })
    await tell()
    const other = await somebody()
    await subscribe({
      ...{ userId: other, channel: "webpush", endpoint: browser.endpoint, ...browser.keys, userAgent: null },
    })
    await letPass()
    await send()
    expect(push.web).toEqual([])
    expect(await outcomes()).toMatchObject([{ status: "gone" }])
  })

  test("of a private address is not asked, whatever its name", async () => {
    await browserOf(user, push)
    const named = push.url.replace("127.0.0.1", "localhost")
    await pool()`update push_subscriptions set endpoint = replace(endpoint, ${push.url}, ${named})`
    await browserOf(user, push)
    process.env.ALLOW_PRIVATE_ADDRESSES = "false"
    await tell()
    expect(push.web).toEqual([])
    expect((await outcomes()).map(({ error }) => error)).toEqual([
      "not a URL that begins with https://",
      "not a URL that begins with https://",
    ])
  })

  test("knows nobody who has no keys: without VAPID_PUBLIC_KEY there is no web push, and the rest goes on", async () => {
    await browserOf(user, push)
    await phoneOf(user)
    delete process.env.VAPID_PUBLIC_KEY
    expect(await tell()).toMatchObject({ notified: 1, devices: 1, sent: 1 })
  })

  test("and a device that never takes anything is left alone in the end", async () => {
    await browserOf(user, push)
    push.fail({ times: 10, at: "web", status: 400 })
    for (let count = 0; count < 10; count++) await tell()
    expect(await tell()).toMatchObject({ devices: 0 })
    const [device] = await pool()`select failures, disabled_at from push_subscriptions`
    expect(device).toMatchObject({ failures: 10, disabledAt: expect.any(Date) })
  })
})

describe("of several push services", () => {
  let other: PushSimulator
  beforeEach(() => {
    other = startPush()
  })
  afterEach(() => other.stop())

  test("one that asks to wait is left alone by all, and no other is", async () => {
    await browserOf(user, push)
    const another = await somebody()
    for (const service of [push, other]) await browserOf(another, service)
    push.fail({ times: 1, at: "web", status: 429, headers: { "retry-after": "600" } })
    expect(await tell()).toMatchObject({ devices: 1, later: 1 })
    expect(await tell(another)).toMatchObject({ devices: 2, sent: 1, later: 1 })
    await pool()`update push_deliveries set due_at = now() where status = 'pending'`
    expect(await send()).toBe(0)
    expect([push.web.length, other.web.length]).toEqual([0, 1])
    expect(await nextDue()).toBeWithin(500_000, 600_001)
    await letPass()
    expect(await send()).toBe(2)
    expect([push.web.length, other.web.length]).toEqual([2, 1])
  })

  test("Expo is one, and none rests for longer than a quarter of an hour", async () => {
    await phoneOf(user)
    await browserOf(user, other)
    push.fail({ times: 1, at: "send", status: 429, headers: { "retry-after": "86400" } })
    for (let time = 0; time < 2; time++) expect(await tell()).toMatchObject({ devices: 2, sent: 1, later: 1 })
    const rests = await pool()`
      select name, resting_until between now() + interval '14 minutes' and now() + interval '15 minutes' as is_a_quarter
      from push_services
    `
    expect([...rests]).toEqual([{ name: "https://exp.host", isAQuarter: true }])
    expect([push.expo.length, other.web.length]).toEqual([0, 2])
  })

  test("one that is slow holds up no other, and is asked for twenty at a time by all runs together", async () => {
    for (let count = 0; count < 30; count++) await browserOf(user, push)
    for (let count = 0; count < 10; count++) await browserOf(user, other)
    const another = await somebody()
    await browserOf(another, push)
    const hung = push.fail({ times: 31, at: "web", mode: "hang" })
    let most = 0
    let waiting = 0
    const areFull = async () => {
      const [row] = await pool()<[{ count: number; pending: number }]>`
        select count(*) filter (where status = 'sending')::int as count, count(*) filter (where status = 'pending')::int as pending
        from push_deliveries
        where service = ${push.url}
      `
      most = Math.max(most, row.count)
      waiting = row.pending
      return row.count === 20 && other.web.length === 10
    }
    const telling = [tell()]
    expect(await until(areFull, 30_000)).toBe(true)
    // Begun at once with the other, it might have had one of the places with its one push.
    telling.push(tell(another))
    expect(await until(async () => (await areFull()) && waiting === 11, 30_000)).toBe(true)
    expect(push.web).toEqual([])
    hung.release()
    expect(await Promise.all(telling)).toMatchObject([
      { devices: 40, sent: 40 },
      { devices: 1, sent: 1 },
    ])
    expect(most).toBe(20)
  })
})

test("what becomes of pushes is counted, by who brings them", async () => {
  const counted = () => parseMetrics(pushCounts.text())
  const before = counted()
  const [gone, again] = [await browserOf(user, push), await browserOf(user, push)]
  await phoneOf(user)
  const lost = await phoneOf(user)
  push.leave(gone.id)
  push.fail({ times: 1, at: "web", status: 503, device: again.id })
  push.doom(lost.token, "DeviceNotRegistered")
  await tell()
  await letPass()
  await send()
  expect(await readReceipts()).toBe(2)
  const after = counted()
  const grown = [...after].flatMap(([name, value]) =>
    value > before.get(name)! ? [[name, value - before.get(name)!]] : [],
  )
  expect(Object.fromEntries(grown)).toEqual({
    'esteira_pushes_total{provider="other",outcome="gone"}': 1,
    'esteira_pushes_total{provider="other",outcome="retrying"}': 1,
    'esteira_pushes_total{provider="other",outcome="sent"}': 1,
    'esteira_pushes_total{provider="expo",outcome="sent"}': 2,
    'esteira_push_receipts_total{outcome="delivered"}': 1,
    'esteira_push_receipts_total{outcome="gone"}': 1,
    'esteira_push_devices_removed_total{provider="other"}': 1,
    'esteira_push_devices_removed_total{provider="expo"}': 1,
  })
})

describe("when a worker dies", () => {
  const die = async (channel: "webpush" | "expo") =>
    (await takeDue({ channel, service: (await nextService({ channel }))!, limit: 1, lease: 60_000 })).taken
  const tellLater = async () => {
    push.fail({ times: 1, at: "web", status: 503 })
    push.fail({ times: 1, at: "send", status: 503 })
    await tell()
    await letPass()
  }

  test("what it had taken is nobody else's until its time is over; then a browser is asked again", async () => {
    await browserOf(user, push)
    await tellLater()
    expect(await die("webpush")).toHaveLength(1)
    expect(await send()).toBe(0)
    await letPass()
    expect(await send()).toBe(1)
    expect(await outcomes()).toMatchObject([{ status: "sent", inDoubt: true }])
    expect(push.web).toHaveLength(1)
  })

  test("Expo is not asked twice, and that nobody knows is said", async () => {
    await phoneOf(user)
    await tellLater()
    expect(await die("expo")).toHaveLength(1)
    await letPass()
    expect(await send()).toBe(0)
    expect(await outcomes()).toMatchObject([
      { status: "unknown", error: "the worker died while it asked Expo, which may have sent it" },
    ])
    expect(push.expo).toEqual([])
  })
})

describe("Expo", () => {
  const receipts = async () => {
    await letPass()
    return await readReceipts()
  }

  test("is asked for 100 at a time, and later what became of them", async () => {
    const people = await Promise.all(Array.from({ length: 5 }, somebody))
    for (const one of people) for (let count = 0; count < 50; count++) await phoneOf(one)
    expect(await tell(people)).toMatchObject({ devices: 250, sent: 250 })
    expect(new Set(push.expo.map(({ to }) => to)).size).toBe(250)
    expect(await readReceipts()).toBe(0)
    expect(await receipts()).toBe(250)
    expect(new Set((await outcomes()).map(({ status }) => status))).toEqual(new Set(["delivered"]))
    expect(await receipts()).toBe(0)
  })

  test("forgets devices that are none, by ticket and by receipt", async () => {
    const [gone, doomed, again, big] = [
      await phoneOf(user),
      await phoneOf(user),
      await phoneOf(user),
      await phoneOf(user),
    ]
    push.unregister(gone.token)
    push.doom(doomed.token, "DeviceNotRegistered")
    push.doom(again.token, "DeviceNotRegistered")
    push.doom(big.token, "MessageTooBig")
    expect(await tell()).toMatchObject({ devices: 4, sent: 3, gone: 1 })
    await pool()`update push_deliveries set sent_at = sent_at - interval '15 minutes' where sent_at is not null`
    // It has subscribed again since, and is to be told.
    await pool()`update push_subscriptions set seen_at = seen_at - interval '1 hour' where endpoint <> ${again.token}`
    expect(await receipts()).toBe(3)
    expect((await outcomes()).map(({ status }) => status)).toEqual(["gone", "gone", "gone", "refused"])
    expect(await devicesLeft()).toEqual([again.subscriptionId, big.subscriptionId])
  })

  test.each<[what: string, failure: Partial<Failure>, became: string, wait: [number, number]]>([
    [
      "429",
      {
        status: 429,
        body: { errors: [{ code: "TOO_MANY_REQUESTS", message: "slow down" }] },
        headers: { "retry-after": "60" },
      },
      "pending",
      [50, 61],
    ],
    ["503", { status: 503 }, "pending", [4, 6]],
    [
      "401",
      { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "no" }] } },
      "pending",
      [590, 601],
    ],
    [
      "400",
      { status: 400, body: { errors: [{ code: "VALIDATION_ERROR", message: "no" }] } },
      "refused",
      [-5, 5],
    ],
    [
      "credentials that are wrong",
      {
        status: 200,
        body: { data: [{ status: "error", message: "no", details: { error: "InvalidCredentials" } }] },
      },
      "pending",
      [590, 601],
    ],
    [
      "too often",
      {
        status: 200,
        body: { data: [{ status: "error", message: "no", details: { error: "MessageRateExceeded" } }] },
      },
      "pending",
      [4, 6],
    ],
    ["half of an answer", { mode: "garbage" }, "unknown", [-5, 65]],
    ["fewer tickets", { status: 200, body: { data: [] } }, "unknown", [-5, 65]],
    ["tickets that are none", { status: 200, body: { data: ["x".repeat(100_000)] } }, "unknown", [-5, 65]],
    ["nothing, having taken it", { mode: "take-then-reset" }, "unknown", [-5, 65]],
  ])("says %s", async (_what, failure, became, [least, most]) => {
    const { subscriptionId } = await phoneOf(user)
    push.fail({ times: 1, at: "send", ...failure })
    await tell()
    const { status, wait } = (await outcomes())[0]!
    expect(status).toBe(became)
    expect([wait >= least, wait <= most]).toEqual([true, true])
    expect(await devicesLeft()).toEqual([subscriptionId])
    const before = push.expo.length
    await letPass()
    await send()
    expect(push.expo.length - before).toBe(became === "pending" ? 1 : 0)
  })

  test("that is not there is asked again, and nothing is in doubt", async () => {
    await phoneOf(user)
    const { EXPO_BASE_URL } = process.env
    process.env.EXPO_BASE_URL = "http://127.0.0.1:9"
    await tell()
    expect(await outcomes()).toMatchObject([{ status: "pending", inDoubt: false }])
    process.env.EXPO_BASE_URL = EXPO_BASE_URL
    await letPass()
    await send()
    expect(push.expo).toHaveLength(1)
  })

  test("refuses tokens of two projects in one request: each device is told all the same, once", async () => {
    const phones = []
    for (let count = 0; count < 7; count++) phones.push(await phoneOf(user))
    for (const { token } of phones.slice(4)) push.ofProject(token, "@araucaria/other")
    expect(await tell()).toMatchObject({ devices: 7, sent: 7 })
    expect(push.expo.map(({ to }) => to).sort()).toEqual(phones.map(({ token }) => token).sort())
  })

  test("forgets receipts in a day, and is then not asked any more", async () => {
    await phoneOf(user)
    await tell()
    push.fail({ times: 1, at: "getReceipts", mode: "garbage" })
    expect(await receipts()).toBe(1)
    expect(await outcomes()).toMatchObject([{ status: "sent" }])
    await pool()`update push_deliveries set sent_at = now() - interval '24 hours'`
    expect(await receipts()).toBe(0)
    const [row] = await pool()`select status, receipt_due_at from push_deliveries`
    expect(row).toEqual({ status: "sent", receiptDueAt: null })
  })
})
