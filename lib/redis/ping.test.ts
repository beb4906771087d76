import { expect, test } from "bun:test"
import { until } from "../../sandbox/until.ts"
import { connectRedis, pingRedis } from "./connect.ts"

test("a ping waits for a connection that is on its way, and not for one that is none", async () => {
  const client = connectRedis("producer")
  expect(client.status).toBe("connecting")
  await pingRedis(client)
  client.disconnect()
  expect(await until(() => client.status === "end", 5_000)).toBe(true)
  await expect(pingRedis(client)).rejects.toThrow("not connected (end)")
})
