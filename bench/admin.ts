import { Redis } from "ioredis"
import { endedPage } from "../lib/control/ended-page.ts"
import { jobs } from "../lib/jobs/index.ts"
import { closeQueues, closeRedis, queueClient } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { startService } from "../sandbox/service.ts"
import { fillQueue } from "./admin-data.ts"
import { interleaved, numbers, quantile, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// What operators wait for with many runs in Redis, against the same with few: the middle of so many requests, one by one.
const { many, few, requests, rounds } = numbers({ many: 1_000_000, few: 1_000, requests: 100, rounds: 5 })
const BUDGET = 1.5
const FAILED_PAGE = 100

/** Runs of a queue of which those that completed, and those that failed, are each more than are looked at to judge it. */
const TO_JUDGE = 1_000

const side = async (runs: number) => {
  const rig = await startRig()
  const redis = new Redis(rig.env.REDIS_URL)
  const began = performance.now()
  for (const job of jobs) await fillQueue(redis, job, Math.ceil(runs / jobs.length))
  const megabytes = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]) / 2 ** 20
  const seconds = (performance.now() - began) / 1_000
  console.log(`${runs} runs in Redis after ${seconds.toFixed(1)} s, in ${megabytes.toFixed(0)} MiB`)
  const api = await (await startService([process.execPath, "api/main.ts"], rig.env)).up()
  const headers = { authorization: `Bearer ${rig.env.ADMIN_API_KEY}` }
  return {
    rig,
    /** Milliseconds of the middle request. */
    async measure(path: string) {
      const times: number[] = []
      for (let request = 0; request < requests; request++) {
        const asked = performance.now()
        const response = await fetch(`${api.url}/api/admin/jobs${path}`, { headers })
        if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`)
        await response.arrayBuffer()
        times.push(performance.now() - asked)
      }
      return quantile(times)
    },
    fill: (ofFirst: number) => fillQueue(redis, jobs[0], ofFirst),
    async stop() {
      redis.disconnect()
      await api.stop()
      await rig.stop()
    },
  }
}

const [crowded, quiet] = [await side(many), await side(few)]
const routes = {
  stats: "/stats",
  queues: "/queues",
  "a queue": `/queue/${jobs[0].name}`,
  "a queue's log": `/queue/${jobs[0].name}/logs?limit=50`,
  "failed runs": `/failed?limit=${FAILED_PAGE}`,
  health: "/health",
}
for (const [name, path] of Object.entries(routes)) await compare(name, path)

await quiet.fill(TO_JUDGE)
console.log(`With ${TO_JUDGE} runs in the queue, as both sides have a hundred of either end to look at then:`)
await compare("a queue's performance", `/queue/${jobs[0].name}/performance`)

const middle = await placeOfPage(Math.min(1_000, Math.floor((many * 0.4) / FAILED_PAGE) - 1))
const paths = { few: routes["failed runs"], many: `${routes["failed runs"]}&cursor=${middle}` }
const pages = { few: () => crowded.measure(paths.few), many: () => crowded.measure(paths.many) }
tell("page 1,000 / page 1", await interleaved(rounds, pages))

await Promise.all([crowded.stop(), quiet.stop()])

async function compare(name: string, path: string) {
  tell(name, await interleaved(rounds, { few: () => quiet.measure(path), many: () => crowded.measure(path) }))
}

function tell(name: string, { few, many }: Record<"few" | "many", number[]>) {
  const [less, more] = [quantile(few), quantile(many)]
  console.log(`${name}: ${less.toFixed(2)} ms, ${more.toFixed(2)} ms`)
  verdict(name, more / less, "<=", BUDGET)
}

/** Where a page of failed runs begins, found the way that a reader would get there, a hundred pages at a time. */
async function placeOfPage(page: number) {
  Object.assign(process.env, crowded.rig.env)
  await untilReady(queueClient())
  const sources = jobs.map((job) => ({ name: job.name, job, state: "failed" as const }))
  let last: Awaited<ReturnType<typeof endedPage>>[number] | undefined
  for (let left = page * FAILED_PAGE; left > 0; left -= 10_000)
    last = (await endedPage(sources, Math.min(left, 10_000), last)).at(-1)
  await closeQueues()
  await closeRedis()
  return `${last!.at}_${last!.source}_${last!.id}`
}
