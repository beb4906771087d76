import { afterEach, expect, test } from "bun:test"
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

test("workers that are killed in the middle of a mail to 1,000 send each once, lose no row and end the run", async () => {
  const became = await batchKillDrill({ resend: world.resend, recipients: 1_000, kills: 5, seed: 1 })
  expect(became).toMatchObject({ ended: true, wrong: [] })
}, 300_000)

test("three workers restarted one after the other under load lose nothing, double nothing and burn no attempt", async () => {
  // A mail takes longer than the drain: what is under way is handed back.
  const start = () => startService([process.execPath, "worker/main.ts"], { DRAIN_SECONDS: "1" })
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
