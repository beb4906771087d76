import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import type { PushSimulator } from "../../sandbox/push/simulator.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { browserOf, letPass, moveToPushSimulator, outcomes, phoneOf, somebody } from "./testing.ts"

const PATIENCE = 60_000

let leave: () => Promise<void>
let push: PushSimulator
let goBack: () => Promise<void>
let worker: Service

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  ;({ push, goBack } = moveToPushSimulator())
})
afterEach(async () => {
  await worker.stop()
  await queueOf(notification).obliterate({ force: true })
})
afterAll(async () => {
  await goBack()
  await leave()
})

const start = async () => {
  worker = await startService([process.execPath, "worker/main.ts"], {
    ...{ WORKER_QUEUES: "notification", LOCK_DURATION: "500", STALLED_INTERVAL: "300" },
    MAX_STALLED_COUNT: "1000",
  })
}

test("killed while push services are asked, each device is told, and none twice but in its own place", async () => {
  const people = await Promise.all(Array.from({ length: 4 }, somebody))
  for (const user of people) {
    for (let count = 0; count < 20; count++) await browserOf(user, push)
    await phoneOf(user)
  }
  await start()
  const { id } = await enqueue(notification, { userId: people, title: "Oi", message: "Olá" })
  for (const at of [["web", "send"], ["web"], ["web"]] as const) {
    const hung = at.map((place) => push.fail({ times: 40, at: place, mode: "hang" }))
    await Promise.all(hung.map(({ met }) => met))
    worker.signal("SIGKILL")
    await worker.ended
    // Requests whose worker is dead are taken all the same.
    push.forgive()
    await letPass()
    await start()
  }
  const isOver = async () => {
    await letPass()
    const all = await outcomes()
    return all.length === 84 && all.every(({ status }) => !["pending", "sending"].includes(status))
  }
  expect(await until(isOver, PATIENCE)).toBe(true)
  expect(await until(async () => (await findRun(notification, id))?.status === "completed", PATIENCE)).toBe(
    true,
  )

  const byDevice = Map.groupBy(push.web, ({ device }) => device)
  expect(byDevice.size).toBe(80)
  for (const pushes of byDevice.values()) expect(new Set(pushes.map(({ topic }) => topic)).size).toBe(1)
  const rows = await pool()<{ status: string; inDoubt: boolean; channel: string }[]>`
    select status, in_doubt, channel from push_deliveries
  `
  const repeated = [...byDevice.values()].filter(({ length }) => length > 1).length
  expect(repeated).toBeLessThanOrEqual(rows.filter(({ inDoubt }) => inDoubt).length)
  const phones = rows.filter(({ channel }) => channel === "expo")
  expect(phones.map(({ status }) => status)).toEqual(people.map(() => "unknown"))
  expect(new Set(push.expo.map(({ to }) => to)).size).toBe(4)
  expect(push.expo).toHaveLength(4)
  const [{ count }] = await pool()<[{ count: number }]>`select count(*)::int as count from notifications`
  expect(count).toBe(4)
}, 120_000)
