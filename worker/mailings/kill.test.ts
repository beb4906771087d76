import { afterEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueBulkEmail } from "../../lib/producers.ts"
import { startFleet } from "../../sandbox/fleet/fleet.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { runtimes, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { mailedTo, outcomesOf, people, started, statusOf, useOwnMail } from "./testing.ts"

const RECIPIENTS = 1_000
const KILLS = 4
const SEED = 28

useOwnMail()
afterEach(() => world.resend.forgive())

test(`two workers killed at ${KILLS} random points of a mailing send each mail once, and lose none`, async () => {
  const random = createRandom(SEED)
  const to = people(RECIPIENTS)
  const suppressed = to.filter((_, index) => index % 50 === 49)
  await pool()`
    insert into email_suppressions (email, reason) select email, 'bounced' from unnest(${suppressed}::text[]) as email
  `
  const id = await started(to)
  const fleet = await startFleet(2, { WORKER_QUEUES: email.name })
  await fleet.up()
  for (let kill = 0; kill < KILLS; kill++) {
    // Answered late or never, its mails taken or not, when the worker dies.
    const { met } = world.resend.fail(
      random() < 0.5
        ? { times: 1, mode: "hang" }
        : { times: 1, mode: "slow", delay: Math.round(random() * 100) },
    )
    await Promise.race([met, until(async () => (await statusOf(id)) === "completed", 30_000)])
    await Bun.sleep(random() * 60)
    await fleet.replace(kill % 2, world.resend.forgive)
  }
  expect(await until(async () => (await statusOf(id)) === "completed", 60_000)).toBe(true)
  await fleet.stop()
  const wanted = to.filter((_, index) => index % 50 !== 49)
  expect(mailedTo(to).sort()).toEqual(wanted.toSorted())
  expect(await outcomesOf(id)).toEqual({ sent: wanted.length, suppressed: suppressed.length })
}, 180_000)

test("what an API that was killed had not been told of is asked for again under the mailing's key, and goes to nobody twice", async () => {
  const to = people(2_500)
  const first = await (await startService(runtimes.bun)).up()
  const key = crypto.randomUUID()
  const mail = { template: "newsletter" as const, data: { title: "Novidades", paragraphs: ["Oi"] }, key }
  const ask = (url: string, recipients: AsyncIterable<{ to: string }>) =>
    queueBulkEmail(mail, recipients, { url, key: process.env.ADMIN_API_KEY!, retries: 0, timeout: 5_000 })
  async function* dying() {
    for (const [index, address] of to.entries()) {
      if (index === 1_500) {
        first.signal("SIGKILL")
        await first.ended
      }
      yield { to: address }
    }
  }
  await expect(ask(first.url, dying())).rejects.toThrow("cannot be reached")

  const second = await (await startService(runtimes.bun)).up()
  async function* all() {
    for (const address of to) yield { to: address }
  }
  const mailing = await ask(second.url, all())
  expect(mailing).toMatchObject({ recipients: 2_500, status: "sending" })
  // Asked for once more, it is the same, and takes nobody else.
  expect(await ask(second.url, all())).toMatchObject({ id: mailing.id, recipients: 2_500 })
  await second.stop()
  const [{ count }] = await pool()<
    [{ count: number }]
  >`select count(*)::int8 as count from mailings where key = ${key}`
  expect(count).toBe(1)
  await pool()`update mailings set status = 'cancelled', ended_at = now() where id = ${mailing.id}`
})
