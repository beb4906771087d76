import { closeQueues, closeRedis, queueClient, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { child } from "./children.ts"
import { countCommands } from "./commands.ts"
import { jobs, now, type Said } from "./idle-work.ts"
import { numbers, quantile, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// What a worker with nothing to do costs a Redis that bills by command, and how soon it is there when there is something.
// The window is a multiple of every interval of either side.
const { seconds, picks } = numbers({ seconds: 180, picks: 100 })
const TO_SETTLE = 10_000
const [ourRig, theirRig] = await Promise.all([startRig(), startRig()])
Object.assign(process.env, ourRig.env)
await untilReady(queueClient())
await scheduleAll()

const start = async (file: string, env: Record<string, string>) => {
  const started = child<Said>(file, env)
  await started.next()
  return started
}
const [ours, theirs] = await Promise.all([
  start("our-idle.ts", ourRig.env),
  start("peers/idle-bullmq.ts", theirRig.env),
])
await Bun.sleep(TO_SETTLE)

const [ourCost, theirCost] = await Promise.all(
  [ourRig, theirRig].map(({ env }) => countCommands(env.REDIS_URL, seconds)),
)
const hourly = tell("ours", ourCost!)
verdict("ours / BullMQ", hourly / tell("BullMQ", theirCost!), "<=", 0.4)
await theirs.stop()

const waits: number[] = []
for (let pick = 0; pick < picks; pick++) {
  await Bun.sleep(20 + 100 * Math.random())
  const asked = now()
  await ask({}, pick)
  waits.push((await begun()) - asked)
}
console.log(`pick-up p50 ${quantile(waits).toFixed(1)} ms`)
verdict("pick-up p95", quantile(waits, 0.95), "<=", 50, " ms")

await ask({ hold: true }, 1)
await begun()
const other = await start("our-idle.ts", ourRig.env)
const killed = now()
await ours.stop("SIGKILL")
const resumed = await other.next()
verdict("a killed worker's run again", ("at" in resumed ? resumed.at - killed : 0) / 1_000, "<=", 60, " s")

await other.stop("SIGKILL")
await closeQueues()
await closeRedis()
await Promise.all([ourRig.stop(), theirRig.stop()])

/** As many schedules as the peer has, in the one queue that is theirs. */
async function scheduleAll() {
  const queue = queueOf(jobs[0]!)
  for (const { name } of jobs) await queue.upsertJobScheduler(name, { pattern: "12 3 * * *" })
}

/** Ask one of the queues that have no schedules for a run. */
async function ask(data: object, turn: number) {
  const job = jobs[1 + (turn % (jobs.length - 1))]!
  await queueOf(job).add(job.name, data, { jobId: crypto.randomUUID(), priority: 5 })
}

async function begun() {
  const said = await ours.next()
  if ("at" in said) return said.at
  throw new Error("It is up, and says so again")
}

function tell(name: string, { asked, inScripts }: Awaited<ReturnType<typeof countCommands>>) {
  const perHour = (count: number) => Math.round((count * 3_600) / seconds)
  const total = asked.values().reduce((sum, count) => sum + count, 0)
  const each = [...asked].map(([command, count]) => `${command} ${perHour(count)}`).join(", ")
  console.log(`${name}: ${perHour(total)} commands/h (${each}); and ${perHour(inScripts)} inside scripts`)
  return total
}
