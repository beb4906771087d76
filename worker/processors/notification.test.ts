import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { savePreferences } from "../../db/notification-preferences.ts"
import { listNotifications, markRead } from "../../db/notifications.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { USUAL } from "../../db/testing-preferences.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { PayloadError, PermanentError, RunCancelled } from "../../lib/errors.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { queueOf } from "../../lib/queues.ts"
import type { PushSimulator } from "../../sandbox/push/simulator.ts"
import { until } from "../../sandbox/until.ts"
import { sendDue } from "../push/send-due.ts"
import {
  browserOf,
  devicesLeft,
  letPass,
  moveToPushSimulator,
  outcomes,
  phoneOf,
  somebody,
} from "../push/testing.ts"
import { enqueued, perform, testRun, tick } from "../testing.ts"

let leave: () => Promise<void>
let push: PushSimulator
let goBack: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
beforeEach(async () => {
  ;({ push, goBack } = moveToPushSimulator())
  await pool()`truncate agencies, users restart identity cascade`
})
afterEach(() => goBack())

const told = { title: "Novo contato", message: "Ana tem interesse no imóvel AR1002", type: "info" } as const
const payload = (userId: number | number[], more: object = {}) =>
  notification.payload.parse({ ...told, userId: [userId].flat(), ...more })
const always = new AbortController().signal

test("people are told in the application and on each device, once", async () => {
  const [ana, bia] = [await somebody(), await somebody()]
  const browser = await browserOf(ana, push)
  const phone = await phoneOf(ana)
  const other = await browserOf(bia, push)
  const run = testRun()
  const asked = payload([ana, bia, 999], {
    actionUrl: "/leads/7",
    data: { leadId: 7 },
    urgency: "high",
    ttl: 600,
  })
  const result = {
    ...{ notified: 2, before: 0, unknown: 1, devices: 3, sent: 3, gone: 0, failed: 0, later: 0 },
  }
  expect(await perform("notification", asked, run)).toEqual(result)

  const [notified] = await listNotifications(ana, { limit: 10 })
  expect(notified).toMatchObject({
    ...told,
    category: "general",
    actionUrl: "/leads/7",
    data: { leadId: 7 },
    readAt: null,
  })
  const content = {
    ...told,
    tag: `n${notified!.id}`,
    id: notified!.id,
    actionUrl: "/leads/7",
    data: { leadId: 7 },
  }
  expect(push.web.map(({ device }) => device).sort()).toEqual([browser.id, other.id].sort())
  const received = push.web.find(({ device }) => device === browser.id)!
  expect(received).toMatchObject({ topic: `n${notified!.id}`, urgency: "high", content })
  expect(received.ttl).toBeGreaterThan(590)
  const { title, message, ...data } = { ...content, category: "general" }
  expect(push.expo).toMatchObject([{ to: phone.token, title, body: message, data, priority: "high" }])

  expect(await perform("notification", asked, run)).toEqual(result)
  expect([push.web.length, push.expo.length]).toEqual([2, 1])
  expect(await listNotifications(ana, { limit: 10 })).toHaveLength(1)
  expect(run.said).toContain("1 of 3 ids are no user's")
})

test("of what is told under a key, a person is told once by whatever runs", async () => {
  const [ana, bia] = [await somebody(), await somebody()]
  await browserOf(ana, push)
  await perform("notification", payload(ana, { dedupeKey: "payment:7:overdue" }))
  expect(
    await perform("notification", payload([ana, bia], { dedupeKey: "payment:7:overdue" })),
  ).toMatchObject({
    notified: 1,
    before: 1,
    devices: 0,
  })
  expect(push.web).toHaveLength(1)
})

test("channels are those that each wants, by category", async () => {
  const [quiet, loud] = [await somebody(), await somebody()]
  for (const user of [quiet, loud]) await browserOf(user, push)
  await savePreferences(quiet, {
    ...USUAL,
    inApp: false,
    push: false,
    categories: { leads: { push: true } },
  })
  expect(await perform("notification", payload([quiet, loud]))).toMatchObject({ devices: 1, sent: 1 })
  expect(await perform("notification", payload([quiet, loud], { category: "leads" }))).toMatchObject({
    devices: 2,
  })
  expect(await listNotifications(quiet, { limit: 10 })).toEqual([])
  expect(await listNotifications(loud, { limit: 10 })).toHaveLength(2)
})

describe("in quiet hours", () => {
  /** Quiet from an hour ago to an hour from now, by the clock of the person. */
  const beQuiet = async (user: number) => {
    const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16)
    await savePreferences(user, {
      ...USUAL,
      quietHours: { from: clock(-1), until: clock(1) },
      timeZone: "UTC",
    })
  }

  test("it stands in the application at once, and is pushed when they end", async () => {
    const user = await somebody()
    await browserOf(user, push)
    await beQuiet(user)
    expect(await perform("notification", payload(user))).toMatchObject({ devices: 1, sent: 0, later: 1 })
    expect(await listNotifications(user, { limit: 10 })).toHaveLength(1)
    const { wait } = (await outcomes())[0]!
    expect([wait > 3_480, wait <= 3_600]).toEqual([true, true])
    expect(await sendDue({ signal: always })).toBe(0)
    await letPass()
    expect(await sendDue({ signal: always })).toBe(1)
    expect(push.web).toHaveLength(1)
  })

  test("what was read meanwhile is not pushed, nor what is too late", async () => {
    const user = await somebody()
    await browserOf(user, push)
    await beQuiet(user)
    await perform("notification", payload(user))
    await perform("notification", payload(user, { ttl: 0 }))
    const [, first] = await listNotifications(user, { limit: 10 })
    await markRead(user, first!.id)
    await letPass()
    await pool()`update push_deliveries set expires_at = now() where notification_id <> ${first!.id}`
    await sendDue({ signal: always })
    expect((await outcomes()).map(({ status }) => status)).toEqual(["cancelled", "expired"])
    expect(push.web).toEqual([])
  })
})

test("two workers at one run, and a third at what is left, push to each device once", async () => {
  const people = await Promise.all(Array.from({ length: 6 }, somebody))
  for (const user of people) {
    for (let count = 0; count < 5; count++) await browserOf(user, push)
    await phoneOf(user)
  }
  const run = testRun()
  const results = await Promise.all([
    perform("notification", payload(people), run),
    perform("notification", payload(people), run),
    sendDue({ signal: always }),
  ])
  expect(results[0]).toMatchObject({ notified: 6, devices: 36 })
  expect(await until(async () => (await outcomes()).every(({ status }) => status === "sent"), 5_000)).toBe(
    true,
  )
  expect(new Set(push.web.map(({ device }) => device)).size).toBe(30)
  expect([push.web.length, push.expo.length]).toEqual([30, 6])
})

test("who is nobody cannot be told", async () => {
  await expect(perform("notification", payload([998, 999]))).rejects.toThrow(PermanentError)
})

test("a run that is cancelled pushes no more", async () => {
  const user = await somebody()
  for (let count = 0; count < 60; count++) await browserOf(user, push)
  const stopping = new AbortController()
  const hung = push.fail({ times: 40, at: "web", mode: "hang" })
  const performing = perform("notification", payload(user), testRun({ signal: stopping.signal }))
  await hung.met
  stopping.abort(new RunCancelled("not so"))
  push.forgive()
  await expect(performing).rejects.toThrow("not so")
  const after = await outcomes()
  expect(after.filter(({ status }) => status === "cancelled").length).toBeGreaterThanOrEqual(20)
  await letPass()
  await sendDue({ signal: always })
  expect(push.web.length).toBe(after.filter(({ status }) => status === "sent").length)
})

test("a worker that stops leaves what it has not begun to another", async () => {
  const user = await somebody()
  for (let count = 0; count < 60; count++) await browserOf(user, push)
  const stopping = new AbortController()
  const hung = push.fail({ times: 40, at: "web", mode: "hang" })
  const run = testRun({ signal: stopping.signal })
  const performing = perform("notification", payload(user), run)
  await hung.met
  stopping.abort(new Error("shutdown"))
  push.forgive()
  await performing.catch(() => undefined)
  expect(await perform("notification", payload(user), testRun({ id: run.id }))).toMatchObject({
    devices: 60,
    sent: 60,
  })
  expect(new Set(push.web.map(({ device }) => device)).size).toBe(60)
  expect(push.web).toHaveLength(60)
})

describe("the door", () => {
  const ask = (data: object) => enqueue(notification, { ...told, ...data } as never)
  afterEach(() => queueOf(notification).obliterate({ force: true }))

  test("takes one or many, and each once", async () => {
    await ask({ userId: 1 })
    await ask({ userId: [3, 2, 3], data: { deep: [{ a: null }] } })
    const runs = await enqueued("notification")
    expect(runs.map(({ payload }) => payload.userId)).toEqual([[1], [3, 2]])
    expect(runs[0]!.payload).toMatchObject({ ...told, category: "general", urgency: "normal", ttl: 86_400 })
  })

  test.each([
    { userId: [] },
    { userId: 0 },
    { userId: "1" },
    { userId: Array.from({ length: 5_001 }, (_, index) => index + 1) },
    { userId: 1, title: " " },
    { userId: 1, title: "x".repeat(201) },
    { userId: 1, message: "nul \0" },
    { userId: 1, type: "urgent" },
    { userId: 1, actionUrl: "javascript:alert(1)" },
    { userId: 1, actionUrl: "//evil.example" },
    { userId: 1, data: [1] },
    { userId: 1, category: "Not One" },
    { userId: 1, ttl: -1 },
    { userId: 1, urgency: "now" },
    { userId: 1, more: true },
  ])("refuses %j", async (data) => {
    await expect(ask(data)).rejects.toThrow(PayloadError)
  })

  test("what passes it is told, however it is written", async () => {
    const user = await somebody()
    await browserOf(user, push)
    await phoneOf(user)
    const text = (longest: number) =>
      fc
        .oneof(
          fc.string({ unit: "binary", minLength: 1, maxLength: longest }),
          fc.string({ unit: "grapheme", minLength: 1, maxLength: longest }),
        )
        .map((text) => text.slice(0, longest).replaceAll("\0", "0"))
        .filter((text) => text.trim() !== "")
    await fc.assert(
      fc.asyncProperty(
        text(200),
        text(4_000),
        fc.dictionary(text(50), fc.jsonValue({ maxDepth: 2 })),
        async (title, message, data) => {
          if (JSON.stringify(data).includes("\\u0000")) return
          const result = await perform("notification", payload(user, { title, message, data }))
          expect(result).toMatchObject({ notified: 1, sent: 2, failed: 0 })
          expect(push.web.at(-1)!.content).toMatchObject({ title: title.trim() })
        },
      ),
      { numRuns: 40 },
    )
    expect((await devicesLeft()).length).toBe(2)
  })
})

test("asked for at the door, it is told by a worker", async () => {
  const user = await somebody()
  await browserOf(user, push)
  await enqueue(notification, { ...told, userId: user })
  await tick()
  expect(push.web).toHaveLength(1)
  await queueOf(notification).obliterate({ force: true })
})
