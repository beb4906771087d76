import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Cluster, type Redis } from "ioredis"
import { closeQueues, closeRedis, queueClient } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import type { NotaParanaSimulator } from "./nota-parana/simulator.ts"
import { removePostgres } from "./postgres/server.ts"
import type { Arranged } from "./redis/arrangement.ts"
import { pointRedisTo, type RedisEnvironment } from "./redis/environment.ts"
import { startCluster } from "./redis/topologies.ts"
import type { ResendSimulator } from "./resend/simulator.ts"

const made: string[] = []

/** A folder that is gone after the tests. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "esteira-test-"))
  made.push(folder)
  return folder
}

/** Remove them; the preload does. */
export async function removeTemporaryFolders() {
  for (const folder of made.splice(0)) {
    await removePostgres(join(folder, "postgres"))
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the test process runs against; its preload fills this in. */
export const world = {} as {
  resend: ResendSimulator
  notaParana: NotaParanaSimulator
  redisMode: Arranged["mode"]
}

/** Do something with the queues of another Redis, then be back at the one before. */
export async function withRedisAt<T>(url: string, act: () => Promise<T>): Promise<T> {
  const goBack = await moveTo({ REDIS_URL: url })
  try {
    return await act()
  } finally {
    await goBack()
  }
}

/** Have the queues on a cluster; what is returned ends it, and leads back to where they were. */
export async function moveToCluster() {
  const cluster = await startCluster(await temporaryFolder())
  const goBack = await moveTo({ REDIS_CLUSTER_NODES: cluster.nodes })
  await untilReady(queueClient())
  return async () => {
    await goBack()
    await cluster.stop()
  }
}

/** Ask all masters of Redis something, or the only one. */
export function askMasters<T>(ask: (master: Redis) => Promise<T>): Promise<T[]> {
  const client = queueClient()
  return Promise.all((client instanceof Cluster ? client.nodes("master") : [client]).map(ask))
}

/** Have Redis forget everything. */
export const forgetAll = () => askMasters((master) => master.flushall())

/** Have the queues on another Redis; what is returned leads back to where they were. */
export async function moveTo(environment: RedisEnvironment) {
  const leave = async () => {
    await closeQueues()
    await closeRedis()
  }
  await leave()
  const pointBack = pointRedisTo(environment)
  return async () => {
    await leave()
    pointBack()
  }
}
