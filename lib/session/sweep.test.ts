import { afterAll, beforeAll, expect, test } from "bun:test"
import { startCluster } from "../../sandbox/redis/topologies.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { closeQueues, closeRedis, queueClient } from "../queues.ts"
import { untilReady } from "../redis/connect.ts"
import { sessionStore } from "./store.ts"
import { sweepSessions } from "./sweep.ts"

const { REDIS_URL } = process.env
let cluster: Awaited<ReturnType<typeof startCluster>>

beforeAll(async () => {
  await closeQueues()
  await closeRedis()
  cluster = await startCluster(await temporaryFolder())
  Object.assign(process.env, { REDIS_URL: "", REDIS_CLUSTER_NODES: cluster.nodes })
  await untilReady(queueClient())
})

afterAll(async () => {
  await closeQueues()
  await closeRedis()
  delete process.env.REDIS_CLUSTER_NODES
  process.env.REDIS_URL = REDIS_URL
  await cluster.stop()
})

test("on a cluster the sessions of all nodes are swept", async () => {
  const sessions = sessionStore("planted")
  const { signal } = new AbortController()
  for (let at = 0; at < 30; at++) await sessions.write(String(at), {}, 60)
  for (let at = 0; at < 30; at++) await queueClient().set(`esteira:session:planted:unending-${at}`, "{}")
  const sweep = (dryRun: boolean) => sweepSessions(3_600, { dryRun, signal })
  expect(await sweep(true)).toEqual({ ending: 30, deleted: 0, given: 30 })
  expect(await sweep(false)).toEqual({ ending: 30, deleted: 0, given: 30 })
  expect(await sweep(false)).toEqual({ ending: 60, deleted: 0, given: 0 })
})
