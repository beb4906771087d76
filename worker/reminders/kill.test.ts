import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { letHome } from "../../db/testing-rentals.ts"
import { addDays, dayIn } from "../../lib/days.ts"
import { email } from "../../lib/jobs/email.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { runPaymentReminders } from "../../lib/producers.ts"
import { queueOf } from "../../lib/queues.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { reminders } from "./testing.ts"

const PAYMENTS = 30
const KILLS = 4
const PATIENCE = 60_000

let leave: () => Promise<void>
let workers: Service[] = []

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
afterEach(async () => {
  world.resend.forgive()
  await Promise.all(workers.map((worker) => worker.stop()))
  for (const job of [paymentReminder, email, notification]) await queueOf(job).obliterate({ force: true })
})

const start = () =>
  startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "payment-reminder,email,notification",
    LOCK_DURATION: "500",
    STALLED_INTERVAL: "300",
    MAX_STALLED_COUNT: "1000",
  })

test("two workers that are killed at random points while they sweep, note, mail and notify tell of each payment once", async () => {
  const random = createRandom(2_026)
  const to = `ana.${crypto.randomUUID()}@example.com`
  // Whatever midnight comes meanwhile, all of them are at one stage.
  const due = addDays(dayIn("America/Sao_Paulo"), -7)
  const home = await letHome({
    renter: { email: to },
    ...{ months: PAYMENTS, firstMonth: "2023-01" },
    payment: { dueDate: due, payableUntil: due },
  })
  await pool()`
    with account as (
      insert into users (agency_id, name, email, password_hash, role)
      values (${home.agencyId}, 'Ana', ${to}, 'none', 'renter')
      returning id
    )
    update renters set user_id = account.id from account
  `
  const mails = () => world.resend.messages.filter((message) => message.to.includes(to))
  const progress = async () => (await reminders()).length + mails().length
  world.resend.fail({ times: 1_000, mode: "slow", delay: 20 })

  workers = await Promise.all([start(), start()])
  // A sweep that is asked for once more, as by two who press the button at a time.
  await Promise.all([runPaymentReminders(), runPaymentReminders()])
  for (let kill = 0; kill < KILLS; kill += 1) {
    const wanted = Math.floor(((kill + random()) * 2 * PAYMENTS) / (KILLS + 1))
    expect(await until(async () => (await progress()) >= wanted, PATIENCE)).toBe(true)
    await Bun.sleep(random() * 20)
    const victim = Math.floor(random() * workers.length)
    workers[victim]!.signal("SIGKILL")
    await workers[victim]!.ended
    workers[victim] = await start()
  }
  expect(await until(() => mails().length >= PAYMENTS, PATIENCE)).toBe(true)
  expect(await until(hasEnded, PATIENCE)).toBe(true)

  const subjects = mails().map(({ subject }) => subject)
  expect(new Set(subjects).size).toBe(PAYMENTS)
  expect(subjects).toHaveLength(PAYMENTS)
  const shown = await pool()`select dedupe_key from notifications`
  expect(new Set(shown.map(({ dedupeKey }) => dedupeKey)).size).toBe(PAYMENTS)
  expect(shown).toHaveLength(PAYMENTS)
  expect((await reminders()).map(({ stage }) => stage)).toEqual(Array(PAYMENTS).fill("overdue-5"))
  expect(await pool()`select run_id from email_messages where status <> 'sent'`).toEqual([] as never)
}, 120_000)

async function hasEnded() {
  const open = await Promise.all(
    [paymentReminder, email, notification].map((job) =>
      queueOf(job).getJobCountByTypes("waiting", "prioritized", "active", "delayed"),
    ),
  )
  return open.every((count) => count === 0)
}
