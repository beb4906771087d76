import { afterEach, expect, test } from "bun:test"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { queueOf } from "../lib/queues.ts"
import { batchKillDrill } from "../sandbox/fleet/batch-kill-drill.ts"
import { killDrill } from "../sandbox/fleet/kill-drill.ts"
import { askForMails } from "../sandbox/fleet/mails.ts"
import { type Service, startService } from "../sandbox/service.ts"
import { world } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"

const PATIENCE = 60_000

let fleet: Service[] = []

afterEach(async () => {
  world.resend.forgive()
  await Promise.all(fleet.map((worker) => worker.stop()))
  fleet = []
  await queueOf(email).obliterate({ force: true })
})

test.each([[1], [2]])(
  "three workers that are killed at random points send every mail once, end every run once and record it (seed %d)",
  async (seed) => {
    const { stalled, ...became } = await killDrill({ resend: world.resend, mails: 300, kills: 8, seed })
    expect(became).toEqual({
      ended: true,
      recorded: true,
      notSentOnce: [],
      notEndedOnce: [],
      notCompleted: [],
      notInLedger: [],
      attemptsBurnt: [],
      differingFromRedis: [],
    })
    expect(stalled).toBeGreaterThan(0)
  },
  300_000,
)

test("workers that are killed twenty times in the middle of mails to 1,000 send each once, lose no row and end the run", async () => {
  const became = await batchKillDrill({ resend: world.resend, recipients: 1_000, kills: 20, seed: 1 })
  expect(became).toMatchObject({ ended: true, wrong: [] })
}, 300_000)

test("a single mail waits for no mail to many, however many those are", async () => {
  const mail = { template: "welcome", data: { userName: "Ana" } } as const
  // Far more than the worker has places for, and minutes of what Resend may be asked for.
  for (let run = 0; run < 30; run++) {
    const to = Array.from({ length: 1_000 }, (_, index) => `p${index}.${run}@example.com`)
    await enqueue(email, { ...mail, to })
  }
  const start = () =>
    startService([process.execPath, "worker/main.ts"], {
      WORKER_QUEUES: email.name,
      DRAIN_SECONDS: "1",
      RESEND_REQUESTS_PER_SECOND: "2",
    })
  fleet = [await start()]
  const before = world.resend.messages.length
  expect(await until(() => world.resend.messages.length >= before + 500, PATIENCE)).toBe(true)
  const waits: number[] = []
  for (let asked = 0; asked < 5; asked++) {
    const to = `${crypto.randomUUID()}@example.com`
    const askedAt = performance.now()
    await enqueue(email, { ...mail, to })
    expect(await until(() => world.resend.messages.at(-1)!.to[0] === to, PATIENCE)).toBe(true)
    waits.push(performance.now() - askedAt)
  }
  expect(Math.max(...waits)).toBeLessThan(5_000)
}, 300_000)

test("three workers restarted one after the other under load lose nothing, double nothing and burn no attempt", async () => {
  // A mail takes longer than the drain: what is under way is handed back.
  const start = () =>
    startService([process.execPath, "worker/main.ts"], { WORKER_QUEUES: email.name, DRAIN_SECONDS: "1" })
  const mails = await askForMails(world.resend, { count: 120, latency: 1_300, attempts: 1 })
  fleet = await Promise.all([start(), start(), start()])
  for (const index of fleet.keys()) {
    const before = await mails.ended()
    expect(await until(async () => (await mails.ended()) > before, PATIENCE)).toBe(true)
    expect(await fleet[index]!.stop()).toBe(0)
    fleet[index] = await start()
  }
  expect(await mails.allEnded(PATIENCE)).toBe(true)
  expect(await mails.allRecorded(PATIENCE)).toBe(true)
  expect(await mails.account()).toEqual({
    notSentOnce: [],
    notEndedOnce: [],
    notCompleted: [],
    notInLedger: [],
    attemptsBurnt: [],
    differingFromRedis: [],
    stalled: 0,
  })
}, 300_000)
