import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { Redis } from "ioredis"
import { CANCELLATIONS } from "../lib/cancel.ts"
import { queueKey } from "../lib/queues.ts"
import { connectRedis, untilReady } from "../lib/redis/connect.ts"
import { startProxy } from "../sandbox/proxy.ts"
import { pointRedisTo } from "../sandbox/redis/environment.ts"
import { startCluster } from "../sandbox/redis/topologies.ts"
import { temporaryFolder } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { listenForCancellations } from "./cancellations.ts"
import type { QueueWorker } from "./queue-worker.ts"

describe("on a cluster, a worker", () => {
  let pointBack: () => void
  const closing: (() => unknown)[] = []
  let cluster: Awaited<ReturnType<typeof startCluster>>
  let nodes: Redis[]

  beforeAll(async () => {
    cluster = await startCluster(await temporaryFolder())
    nodes = cluster.nodes.split(",").map((node) => new Redis(`redis://${node}`))
    pointBack = pointRedisTo({})
  })

  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })

  afterAll(async () => {
    pointBack()
    for (const node of nodes) node.disconnect()
    await cluster.stop()
  })

  /** Every node is known by a proxy in front of it. */
  async function listening() {
    const proxies = await Promise.all(nodes.map((node) => startProxy(node.options.port!)))
    for (const [index, node] of nodes.entries())
      await node.config("SET", "cluster-announce-port", proxies[index]!.port)
    process.env.REDIS_CLUSTER_NODES = proxies.map(({ port }) => `127.0.0.1:${port}`).join(",")
    const connection = connectRedis("worker")
    await untilReady(connection)

    const heard: string[] = []
    const stop = ({ message }: Error, id = "of-ana") => heard.push(`${id}: ${message}`)
    const worker = {
      name: "email",
      active: [{ id: "of-ana", stop }],
      stopRuns: stop,
    } as unknown as QueueWorker
    const cancellations = listenForCancellations(connection, [worker], {})
    closing.push(cancellations.stop, () => connection.disconnect(), ...proxies.map(({ stop }) => stop))

    const hears = async () => {
      const told = { queue: "email", id: "of-ana", reason: "Cancelled by ana", ended: false }
      await nodes[2]!.publish(CANCELLATIONS, JSON.stringify(told))
      return heard.length > 0
    }
    expect(await until(hears, 10_000)).toBe(true)
    heard.length = 0
    return { proxies, heard, hears }
  }

  test("whose connections drop everything silently hears within a minute what was said meanwhile", async () => {
    const { proxies, heard, hears } = await listening()
    for (const proxy of proxies) proxy.silence()
    const key = queueKey("email", "of-ana")
    const written = nodes.map((node) => node.hset(key, "defa", "Cancelled by ana"))
    expect((await Promise.allSettled(written)).map(({ status }) => status)).toContain("fulfilled")
    expect(await until(() => heard.length > 0, 60_000)).toBe(true)
    expect(heard[0]).toBe("of-ana: Cancelled by ana")
    heard.length = 0
    expect(await until(hears, 5_000)).toBe(true)
  })

  test("that listens at a node which is gone listens at another", async () => {
    const { proxies, hears } = await listening()
    await proxies[0]!.stop()
    expect(await until(hears, 10_000)).toBe(true)
  })
})
