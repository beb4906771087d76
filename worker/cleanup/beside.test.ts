import { afterEach, beforeEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { cancelRun } from "../../lib/cancel.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { cleanup } from "../../lib/jobs/cleanup.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { perform } from "../testing.ts"

const db = pool()
const PATIENCE = 60_000
const KILLS = 5
const SEED = 7

const services: Service[] = []

beforeEach(async () => {
  await db`truncate runs, run_events, effects, email_messages`
})

afterEach(async () => {
  for (const service of services.splice(0)) await service.stop()
  await queueOf(cleanup).obliterate({ force: true })
})

async function start() {
  const service = await startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "cleanup",
    LOCK_DURATION: "500",
    STALLED_INTERVAL: "300",
    MAX_STALLED_COUNT: "1000",
  })
  services.push(service)
  return service
}

/** Have so many old mails, and a few that must survive. */
async function plant(count: number) {
  await db`
    insert into email_messages (run_id, recipient, template, locale, subject, status, created_at)
    select 'old', n || '@example.com', 'welcome', 'pt-BR', 'Olá', 'suppressed', now() - interval '40 days' - n * interval '1 second'
    from generate_series(1, ${count}::int) as n
  `
  await db`
    insert into email_messages (run_id, recipient, template, locale, subject, status, created_at)
    select 'kept', n || '@example.com', case when n % 2 = 0 then 'invoice' else 'welcome' end, 'pt-BR', 'Olá', 'suppressed',
      now() - (case when n % 2 = 0 then 400 else 29 end) * interval '1 day'
    from generate_series(1, 100) as n
  `
}

const counted = async (runId: string) => {
  const [{ count }] = await db<[{ count: number }]>`
    select count(*)::int8 as count from email_messages where run_id = ${runId}
  `
  return count
}

const logs = { target: "logs", olderThan: 30, dryRun: false, orphans: "report" } as const

test("two at once share the work, and neither waits for a writer nor keeps one waiting", async () => {
  await plant(30_000)
  const writing = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const writer = db.begin(async (tx) => {
    await tx`update email_messages set error = 'being written' where run_id = 'old' and recipient in ('1@example.com', '20000@example.com')`
    held.resolve()
    await writing.promise
  })
  await held.promise

  let done = false
  let longest = 0
  const others = (async () => {
    for (let at = 0; !done; at++) {
      const began = performance.now()
      await db`
        insert into email_messages (run_id, recipient, template, locale, subject)
        values ('young', ${`${at}@example.com`}, 'welcome', 'pt-BR', 'Olá')
      `
      await db`update email_messages set error = 'x' where run_id = 'kept' and recipient = ${`${1 + (at % 100)}@example.com`}`
      longest = Math.max(longest, performance.now() - began)
    }
  })()
  const cleanups = await Promise.all([perform("cleanup", logs), perform("cleanup", logs)])
  done = true
  await others

  expect(cleanups.reduce((total, { deleted }) => total + deleted, 0)).toBe(29_998)
  expect(cleanups[0].items.find(({ what }) => what === "email_messages")?.kept).toContainEqual({
    count: 2,
    why: "held by others just then: the next cleanup finds it",
  })
  expect([await counted("old"), await counted("kept")]).toEqual([2, 100])
  // Far more than a batch takes, on a machine that has much else to do.
  expect(longest).toBeLessThan(2_000)
  writing.resolve()
  await writer
  expect((await perform("cleanup", logs)).deleted).toBe(2)
})

test("a cancelled cleanup stops within two seconds and keeps what it has done; another goes on from there", async () => {
  await plant(150_000)
  await start()
  const { id } = await enqueue(cleanup, { cleanupType: "logs", maxAge: 30 })
  expect(await until(async () => (await counted("old")) < 150_000, PATIENCE)).toBe(true)
  const asked = performance.now()
  await cancelRun(cleanup, id, { actor: "the tests" })
  const isOver = async () => (await findRun(cleanup, id))?.status === "cancelled"
  expect(await until(isOver, PATIENCE)).toBe(true)
  expect(performance.now() - asked).toBeLessThan(2_000)
  const left = await counted("old")
  expect(left).toBeWithin(1, 150_000)
  expect(await counted("old")).toBe(left)

  expect(await perform("cleanup", logs)).toMatchObject({ deleted: left, kept: 50 })
  expect(await counted("kept")).toBe(100)
})

test(`killed ${KILLS} times in the middle, it deletes what is old and nothing else`, async () => {
  await plant(120_000)
  const random = createRandom(SEED)
  let worker = await start()
  const { id } = await enqueue(cleanup, { target: "logs", olderThan: 30 })
  for (let kill = 1; kill <= KILLS; kill++) {
    const from = await counted("old")
    expect(await until(async () => (await counted("old")) < from, PATIENCE)).toBe(true)
    await Bun.sleep(random() * 60)
    worker.signal("SIGKILL")
    await worker.ended
    services.pop()
    worker = await start()
  }
  expect(await until(async () => (await findRun(cleanup, id))?.status === "completed", PATIENCE)).toBe(true)
  expect([await counted("old"), await counted("kept")]).toEqual([0, 100])
  expect(await perform("cleanup", logs)).toMatchObject({ deleted: 0, kept: 50 })
}, 180_000)
