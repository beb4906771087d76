import { expect, test } from "bun:test"
import { pool } from "../db/pool.ts"
import { email } from "../lib/jobs/email.ts"
import { queueOf } from "../lib/queues.ts"
import { type Runtime, runtimes, startService } from "../sandbox/service.ts"
import { world } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { useOwnMail } from "../worker/mailings/testing.ts"
import { keepOutbox } from "../worker/outbox/keep.ts"
import { startWorkers } from "../worker/workers.ts"

const AT_ONCE = 16

useOwnMail()

test.each(Object.keys(runtimes) as Runtime[])(
  "what an API has acknowledged when it is killed is run, and what is asked for again with its key is run once, on %s",
  async (runtime) => {
    const label = crypto.randomUUID().slice(0, 8)
    const ask = async (url: string, index: number) => {
      const to = `p${index}.${label}@example.com`
      const response = await fetch(`${url}/api/jobs/email`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${process.env.ADMIN_API_KEY}`,
          "content-type": "application/json",
          // Every other one comes without: it cannot be asked for again.
          ...(index % 2 ? { "idempotency-key": `${label}-${index}` } : {}),
        },
        body: JSON.stringify({ data: { to, template: "welcome", data: { userName: "Ana" } } }),
      })
      expect(response.status).toBe(202)
      return to
    }
    const first = await (await startService(runtimes[runtime])).up()
    const acknowledged: string[] = []
    const unanswered: number[] = []
    let next = 0
    const caller = async () => {
      while (!first.over()) {
        const index = next++
        await ask(first.url, index).then(
          (to) => void acknowledged.push(to),
          () => void unanswered.push(index),
        )
        if (acknowledged.length === 200) first.signal("SIGKILL")
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, caller))
    expect(acknowledged.length).toBeGreaterThanOrEqual(200)
    expect(unanswered.length).toBeGreaterThan(0)

    const second = await (await startService(runtimes[runtime])).up()
    for (const index of unanswered.filter((index) => index % 2))
      acknowledged.push(await ask(second.url, index))
    const workers = startWorkers()
    const relay = keepOutbox()
    const sent = () => world.resend.messages.flatMap(({ to }) => to).filter((to) => to.includes(label))
    const missing = () => {
      const there = new Set(sent())
      return acknowledged.filter((to) => !there.has(to))
    }
    expect(await until(() => missing().length === 0, 60_000)).toBe(true)
    const waiting = async () => {
      const [row] = await pool()`select count(*)::int as count from outbox where relayed_at is null`
      return row!.count + (await queueOf(email).getJobCountByTypes("waiting", "prioritized", "active"))
    }
    expect(await until(async () => (await waiting()) === 0, 30_000)).toBe(true)
    expect(sent()).toHaveLength(new Set(sent()).size)
    await relay.stop()
    await workers.stop(10)
    workers.disconnect()
    await second.stop()
  },
)
