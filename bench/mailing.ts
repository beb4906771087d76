import { readFile } from "node:fs/promises"
import { queueBulkEmail } from "../lib/producers.ts"
import { startResend } from "../sandbox/resend/simulator.ts"
import { startService } from "../sandbox/service.ts"
import { until } from "../sandbox/until.ts"
import { numbers, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// A mail to very many: how fast its recipients are added, how fast they are sent to, and whether their number costs memory.
const { recipients, latency } = numbers({ recipients: 50_000, latency: 150 })
const rig = await startRig()
const resend = startResend({ key: rig.env.RESEND_API_KEY, lean: true })
resend.fail({ times: 1_000_000, mode: "slow", delay: latency })
const env = { ...rig.env, RESEND_BASE_URL: resend.url, RESEND_REQUESTS_PER_SECOND: "1000" }
const [api, worker] = await Promise.all(
  ["api", "worker"].map((part) =>
    startService([process.execPath, `${part}/main.ts`], env).then((service) => service.up()),
  ),
)

/** The most memory that a process has held so far, in megabytes. */
async function peakOf(pid: number) {
  const status = await readFile(`/proc/${pid}/status`, "utf8")
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024
}

function* people() {
  for (let at = 0; at < recipients; at++) yield { to: `p${at}@example.com`, data: { userName: `Nº ${at}` } }
}

const key = rig.env.ADMIN_API_KEY
const began = performance.now()
const mail = { template: "newsletter" as const, data: { title: "Novidades", paragraphs: ["Tudo bem?"] } }
const mailing = await queueBulkEmail({ ...mail, perMinute: 100_000 }, people(), { url: api!.url, key })
const added = performance.now()

let told: { status?: string; outcomes?: Record<string, number> } = {}
const memory: { worker: number; api: number }[] = []
const noteMemory = async () => memory.push({ worker: await peakOf(worker!.pid), api: await peakOf(api!.pid) })
const isOver = async () => {
  const response = await fetch(`${api!.url}${mailing.statusUrl}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  told = (await response.json()) as typeof told
  if (memory.length === 0 && resend.messages.length >= recipients / 5) await noteMemory()
  return told.status === "completed"
}
if (!(await until(isOver, 600_000))) throw new Error(`It does not end: ${JSON.stringify(told)}`)
const sent = performance.now()
await noteMemory()

const addresses = new Set(resend.messages.flatMap(({ to }) => to))
const perSecond = recipients / ((sent - added) / 1_000)
console.log(
  `${recipients} recipients, each request answered after ${latency} ms: added in ${((added - began) / 1_000).toFixed(1)} s, sent in ${((sent - added) / 1_000).toFixed(1)} s; ${JSON.stringify(told.outcomes)}`,
)
// What an account may send that is asked for two hundred mails a second, as Resend lets everybody.
verdict("mails a second", perSecond, ">=", 200)
verdict("mails / recipients", resend.messages.length / recipients, "<=", 1)
verdict("reached, of all", addresses.size / recipients, ">=", 1)
const [early, late] = memory
const megabytes = (part: "worker" | "api") => memory.map((at) => `${Math.round(at[part])} MB`).join(" and ")
console.log(
  `Most memory after a fifth of them, and after all: worker ${megabytes("worker")}, API ${megabytes("api")}`,
)
verdict("worker's memory, all / a fifth", late!.worker / early!.worker, "<=", 1.25)
verdict("API's memory, all / a fifth", late!.api / early!.api, "<=", 1.25)

await Promise.all([api!.stop(), worker!.stop()])
await resend.stop()
await rig.stop()
