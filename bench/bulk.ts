import { closePool, pool } from "../db/pool.ts"
import { email } from "../lib/jobs/email.ts"
import { closeQueues, closeRedis, queueClient, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { startService } from "../sandbox/service.ts"
import { until } from "../sandbox/until.ts"
import { failedRuns } from "../worker/bulk/testing.ts"
import { sweep } from "../worker/ledger/sweep.ts"
import { numbers, quantile, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// All failed runs of a queue retried: when the answer comes, when it is done, and what it is like to ask for a run meanwhile.
const { runs, pace } = numbers({ runs: 100_000, pace: 2_000 })
const rig = await startRig()
Object.assign(process.env, rig.env)
await untilReady(queueClient())

const payload = email.payload.parse(email.example)
await failedRuns(email.name, runs, { data: payload as never, finishedOn: Date.now() - 10_000 })
// As the workers would have told the ledger of them when they failed.
await sweep(email, queueClient(), pool())

const [api, worker] = await Promise.all([
  startService([process.execPath, "api/main.ts"], rig.env).then((service) => service.up()),
  // Not at work on the queue: what it retries stays to be counted.
  startService([process.execPath, "worker/main.ts"], { ...rig.env, WORKER_QUEUES: "price-sync" }).then(
    (service) => service.up(),
  ),
])
const call = async (method: string, path: string, body?: unknown) => {
  const began = performance.now()
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${rig.env.ADMIN_API_KEY}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return { answer, milliseconds: performance.now() - began }
}

const filter = { queue: email.name, status: "failed" }
const began = performance.now()
const { answer, milliseconds } = await call("POST", "/api/admin/bulk", {
  action: "retry",
  filter,
  perSecond: pace,
})
const asked: number[] = []
let operation: Record<string, unknown> = {}
const isOver = async () => {
  asked.push(
    (await call("POST", "/api/jobs/email", { data: email.example, options: { delay: 3_600_000 } }))
      .milliseconds,
  )
  operation = (await call("GET", `${answer.statusUrl}?limit=1`)).answer
  return operation.endedAt !== null
}
if (!(await until(isOver, 600_000))) throw new Error(`It does not end: ${JSON.stringify(operation)}`)
const seconds = (performance.now() - began) / 1_000

const left = await queueOf(email).getFailedCount()
const waiting = await queueOf(email).getPrioritizedCount()
console.log(
  `${runs} runs: ${answer.count} at the answer, ${JSON.stringify(operation.outcomes)}; ${waiting} wait, ${left} are left`,
)
verdict("the answer", milliseconds, "<=", 1_000, " ms")
verdict("time / that of its pace", seconds / (runs / pace), "<=", 1.5)
verdict("asking meanwhile, p95", quantile(asked, 0.95), "<=", 50, " ms")
verdict("retried, of all", waiting / runs, ">=", 1)

await Promise.all([api.stop(), worker.stop()])
await closeQueues()
await closeRedis()
await closePool()
await rig.stop()
