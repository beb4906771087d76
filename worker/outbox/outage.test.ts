import { afterAll, beforeAll, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { type Runtime, runtimes, startService } from "../../sandbox/service.ts"
import { temporaryFolder, world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"

const RUNS = 1_000
const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

test.each(Object.keys(runtimes) as Runtime[])(
  "a thousand runs that are asked for while Redis is away are all run once it is back, none twice, on %s",
  async (runtime) => {
    const port = await freePort()
    const redis = async () => startRedis({ dataDir: await temporaryFolder(), durable: false, port })
    const env = { REDIS_URL: `redis://127.0.0.1:${port}` }
    const first = await redis()
    const [api, ...workers] = await Promise.all([
      startService(runtimes[runtime], env).then((service) => service.up()),
      startService([process.execPath, "worker/main.ts"], env).then((service) => service.up()),
      startService([process.execPath, "worker/main.ts"], env).then((service) => service.up()),
    ])
    await first.stop()

    const label = crypto.randomUUID().slice(0, 8)
    const ask = async (index: number) => {
      const data = { to: `p${index}.${label}@example.com`, template: "welcome", data: { userName: "Ana" } }
      const response = await fetch(`${api.url}/api/jobs/email`, {
        method: "POST",
        headers,
        body: JSON.stringify({ data }),
      })
      return (await response.json()) as { jobId: string; status: string }
    }
    const asked = await Promise.all(Array.from({ length: RUNS }, (_, index) => ask(index)))
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set(["accepted"]))
    expect(new Set(asked.map(({ jobId }) => jobId)).size).toBe(RUNS)

    const second = await redis()
    const completed = async () => {
      const [row] = await pool()<{ count: number }[]>`
        select count(*)::int as count from runs where status = 'completed' and id = any(${asked.map(({ jobId }) => jobId)})
      `
      return row!.count
    }
    expect(await until(async () => (await completed()) === RUNS, 60_000)).toBe(true)
    const sent = world.resend.messages.flatMap(({ to }) => to).filter((to) => to.includes(label))
    expect(sent).toHaveLength(RUNS)
    expect(new Set(sent).size).toBe(RUNS)
    await Promise.all([api.stop(), ...workers.map((worker) => worker.stop())])
    await second.stop()
  },
)
