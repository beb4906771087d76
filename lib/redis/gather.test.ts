import { afterEach, beforeEach, expect, test } from "bun:test"
import { connectRedis, type RedisClient, untilReady } from "./connect.ts"

let client: RedisClient

beforeEach(async () => {
  client = connectRedis("producer")
  await untilReady(client)
})
afterEach(() => client.disconnect())

const asked = async () => Number(/total_commands_processed:(\d+)/.exec(await client.info("stats"))![1])
const reads = async () => Number(/total_reads_processed:(\d+)/.exec(await client.info("stats"))![1])

test("what is asked in one turn comes to Redis in one go, and each is answered by itself", async () => {
  const before = { commands: await asked(), reads: await reads() }
  const answers = await Promise.allSettled(
    Array.from({ length: 100 }, (_, n) => (n === 50 ? client.call("nonsense") : client.echo(String(n)))),
  )
  const after = { commands: await asked(), reads: await reads() }
  expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(1)
  expect(answers[99]).toMatchObject({ status: "fulfilled", value: "99" })
  expect(after.commands - before.commands).toBeGreaterThanOrEqual(99)
  // Others use this Redis too.
  expect(after.reads - before.reads).toBeLessThan(50)
})

test("what is asked when the connection was lost meanwhile is refused or answered, and never left", async () => {
  const pending = client.echo("before")
  const lost = new Promise((resolve) => client.once("close", resolve))
  client.disconnect(true)
  await lost
  await Promise.allSettled([pending])
  await untilReady(client, 5_000)
  expect(await client.echo("after")).toBe("after")
})
