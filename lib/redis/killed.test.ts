import { expect, test } from "bun:test"
import { parcel } from "../../sandbox/outbox/job.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { temporaryFolder, withRedisAt } from "../../sandbox/testing.ts"
import { enqueue, type QueuedRun } from "../enqueue.ts"
import { queueClient, queueOf } from "../queues.ts"
import { untilReady } from "./connect.ts"

test("a Redis with an append-only file that is killed has every run that it has acknowledged", async () => {
  const place = { dataDir: await temporaryFolder(), durable: true, port: await freePort() }
  const first = await startRedis(place)
  await withRedisAt(first.url, async () => {
    await untilReady(queueClient())
    const acknowledged: string[] = []
    const caller = async () => {
      for (;;) {
        // Nothing is acknowledged any more once it is gone.
        const asked = await enqueue(parcel, { word: "go" }).catch(() => undefined)
        if (!asked) return
        acknowledged.push(asked.id)
        if (acknowledged.length === 500) first.kill("SIGKILL")
      }
    }
    await Promise.all(Array.from({ length: 8 }, caller))
    await first.gone
    expect(acknowledged.length).toBeGreaterThanOrEqual(500)

    const second = await startRedis(place)
    await untilReady(queueClient())
    const there = new Set((await queueOf(parcel).getJobs(["prioritized"])).map(({ id }) => id))
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
    await second.stop()
  })
})

test("a master that is to have a replica and has none takes nothing, and the outbox does", async () => {
  const args = ["--min-replicas-to-write", "1"]
  const redis = await startRedis({ dataDir: await temporaryFolder(), durable: false, args })
  await withRedisAt(redis.url, async () => {
    await untilReady(queueClient())
    const kept: QueuedRun[] = []
    const outbox = { add: async (runs: QueuedRun[]) => void kept.push(...runs) }
    const asked = await enqueue(parcel, { word: "go" }, {}, { outbox })
    expect(asked.status).toBe("accepted")
    expect(kept.map(({ id }) => id)).toEqual([asked.id])
  })
  await redis.stop()
})
