import { join } from "node:path"
import type { RedisEnvironment } from "./environment.ts"
import { startRedis } from "./server.ts"
import { startCluster, startSentinel } from "./topologies.ts"

/** The Redis of a test process: what it is called, where it is, and for one behind sentinels how its master is changed. */
export interface Arranged {
  mode: "standalone" | "cluster" | "sentinel"
  environment: RedisEnvironment
  failOver?: () => Promise<unknown>
  stop: () => Promise<unknown>
}

const arrangements: Record<string, (folder: string) => Promise<Arranged>> = {
  async one(folder) {
    const { url, stop } = await startRedis({ dataDir: join(folder, "redis"), durable: false })
    return { mode: "standalone", environment: { REDIS_URL: url }, stop }
  },
  async cluster(folder) {
    const { nodes, stop } = await startCluster(join(folder, "redis"))
    return { mode: "cluster", environment: { REDIS_CLUSTER_NODES: nodes }, stop }
  },
  async sentinel(folder) {
    const { environment, failOver, stop } = await startSentinel(join(folder, "redis"))
    return { mode: "sentinel", environment, failOver, stop }
  },
}

/** Starts what tests run against: one server, or what TEST_REDIS says. */
export async function arrangeRedis(folder: string): Promise<Arranged> {
  const { TEST_REDIS = "one" } = process.env
  const start = arrangements[TEST_REDIS]
  if (!start)
    throw new Error(`TEST_REDIS is one of ${Object.keys(arrangements).join(", ")}, not ${TEST_REDIS}`)
  return await start(folder)
}
