import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { pointRedisTo, type RedisEnvironment } from "../../sandbox/redis/environment.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { startCluster, startSentinel } from "../../sandbox/redis/topologies.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { connectRedis, untilReady } from "./connect.ts"
import { redisFacts } from "./facts.ts"
import { readUsage, usageSince } from "./usage.ts"

const modes = {
  standalone: async () => {
    const { url, stop } = await startRedis({ dataDir: await temporaryFolder(), durable: false })
    return { environment: { REDIS_URL: url }, stop }
  },
  cluster: async () => {
    const { nodes, stop } = await startCluster(await temporaryFolder())
    return { environment: { REDIS_CLUSTER_NODES: nodes }, stop }
  },
  sentinel: async () => await startSentinel(await temporaryFolder()),
}

describe.each(Object.keys(modes) as (keyof typeof modes)[])("a Redis that is %s", (mode) => {
  let redis: { environment: RedisEnvironment; stop: () => Promise<unknown> }
  let pointBack: () => void
  beforeAll(async () => {
    redis = await modes[mode]()
    pointBack = pointRedisTo(redis.environment)
  })
  afterAll(async () => {
    pointBack()
    await redis.stop()
  })

  test("tells its mode, its version, and what it holds and how long it has been there, of all its masters", async () => {
    const client = connectRedis("producer")
    await untilReady(client)
    expect(await redisFacts(client)).toEqual({
      connected: true,
      mode,
      version: expect.stringMatching(/^\d+\.\d+/),
      usedMemory: expect.stringMatching(/^\d+\.\d\d[KMG]$/),
      connectedClients: expect.any(Number),
      uptime: expect.any(Number),
    })
    client.disconnect()
  })

  test("tells what it has done: what is billed, and which of that only clients ask for", async () => {
    const client = connectRedis("producer")
    await untilReady(client)
    const before = (await readUsage(client))!
    for (let time = 0; time < 10; time++) {
      await client.ping()
      await client.eval("redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])", 1, "counted")
    }
    const usage = usageSince(before, (await readUsage(client))!)
    expect(usage).toMatchObject({ from: before.to, ofClients: 10 })
    // Sentinels and replicas have their own to say to a master.
    expect(usage.all).toBeWithin(30, mode === "sentinel" ? 60 : 31)
    client.disconnect()
  })
})
