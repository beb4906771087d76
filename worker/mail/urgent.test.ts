import { afterEach, expect, setSystemTime, test } from "bun:test"
import { enqueue } from "../../lib/enqueue.ts"
import { RetryLater } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import type { RunPriority } from "../../lib/priority.ts"
import { queueOf } from "../../lib/queues.ts"
import { world } from "../../sandbox/testing.ts"
import { perform, testRun } from "../testing.ts"

afterEach(() => {
  setSystemTime()
  world.resend.forgive()
})
afterEach(() => queueOf(email).obliterate({ force: true }))

const welcome = (...to: string[]) => ({
  to,
  template: "welcome" as const,
  data: { userName: "Ana" },
  locale: "pt-BR" as const,
})
const people = (count: number) => Array.from({ length: count }, () => `${crypto.randomUUID()}@example.com`)
const waits = (priority: RunPriority) => enqueue(email, welcome("ana@example.com"), { priority })
const sentTo = (to: string[]) => {
  const wanted = new Set(to)
  return world.resend.messages.filter((message) => wanted.has(message.to[0]!))
}

test("mail to many steps aside after each request while other mail waits, and then goes on", async () => {
  const to = people(201)
  const run = testRun()
  const attempt = () => perform("email", welcome(...to), run).catch((error) => error)
  await waits(9)
  for (const sent of [100, 200]) {
    const error = await attempt()
    expect(error).toBeInstanceOf(RetryLater)
    expect(error.message).toBe("mail with a higher priority goes first")
    expect(sentTo(to)).toHaveLength(sent)
  }
  expect(await attempt()).toEqual({ sent: 201, suppressed: 0, messageId: null })
  expect(sentTo(to)).toHaveLength(201)
})

test("mail to many does not step aside for other mail to many", async () => {
  await waits(10)
  expect(await perform("email", welcome(...people(101)))).toMatchObject({ sent: 101 })
})

test("mail to many that takes long lets others have its place, and goes on later", async () => {
  const to = people(101)
  const run = testRun()
  const { met, release } = world.resend.fail({ times: 1, mode: "slow" })
  const running = perform("email", welcome(...to), run).catch((error) => error)
  await met
  setSystemTime(Date.now() + 301_000)
  release()
  const error = await running
  expect(error).toBeInstanceOf(RetryLater)
  expect(error.message).toBe("there is more to send: it goes on")
  expect(sentTo(to)).toHaveLength(100)
  expect(await perform("email", welcome(...to), run)).toMatchObject({ sent: 101 })
})
