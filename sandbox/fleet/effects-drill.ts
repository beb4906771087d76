import { pool } from "../../db/pool.ts"
import { email } from "../../lib/jobs/email.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { paymentReminder } from "../../lib/jobs/payment-reminder.ts"
import { queueOf } from "../../lib/queues.ts"
import { letPass } from "../../worker/push/testing.ts"
import { until } from "../until.ts"
import { drill } from "./drill.ts"
import { countStalled, keepEvents } from "./events.ts"
import type { Load, Outside } from "./loads/load.ts"
import { mailMany } from "./loads/mailings.ts"
import { accountForPushes, notifyPeople } from "./loads/notifications.ts"
import { remindRenters } from "./loads/reminders.ts"
import { exchangeLeads } from "./loads/syncs.ts"
import type { Servers } from "./servers.ts"

interface EffectsDrill {
  outside: Outside
  servers: Servers
  kills: number
  /** How often Redis or PostgreSQL, in turns, is restarted as well. */
  restarts: number
  seed: number
  /** Told after each kill. */
  onKill?: (count: number, what: string) => void
}

const WORKERS = 2

const JOBS = [paymentReminder, notification, email, integrationSync]

/** Milliseconds that what is waited for may take, and all that is left in the end. */
const PATIENCE = 90_000
const LAST = 240_000

/**
 * Two workers remind, notify, mail and exchange all at once, while one after the other is killed at random points of that and
 * Redis and PostgreSQL end and come back. Returns what became of it by the records of those outside and by the database.
 */
export async function effectsDrill({ outside, servers, kills, restarts, seed, onKill }: EffectsDrill) {
  const syncs = await exchangeLeads(outside)
  const loads = [remindRenters(outside), await notifyPeople(outside), mailMany(outside), syncs]
  const events = await Promise.all(JOBS.map(({ name }) => keepEvents(name)))
  let what = ""
  let restarted = 0
  try {
    return await drill({
      ...{ workers: WORKERS, kills, seed, spread: 80 },
      env: { WORKER_QUEUES: JOBS.map(({ name }) => name).join(",") },
      async moment(_, random) {
        slowDown(outside, random)
        const load = loads[Math.floor(random() * loads.length)]!
        what = load.name
        await inTheMiddleOf(load, 1 + Math.floor(random() * 8), loads)
      },
      async dead(kill, random) {
        const [isAsked, pause] = [random() < 0.5, random() * 1_500]
        if (Math.floor((kill * restarts) / kills) === restarted) return
        const name = restarted % 2 ? "postgres" : "redis"
        restarted += 1
        what += `, ${name} ${isAsked ? "stopped" : "killed"}`
        await servers.restart(name, { isAsked, pause })
      },
      onKill: (kill) => onKill?.(kill, what),
      async became(fleet) {
        if (!(await until(() => areOver(loads), LAST))) return { ended: false, left: await openRuns() }
        await syncs.settle()
        const ended = await until(async () => (await openRuns()).length === 0, LAST)
        // Pushes that dead workers had begun are others' once their time is over, and nobody is at any now.
        await fleet.renew(letPass)
        const pushed = await until(arePushed, PATIENCE)
        const { faults, ...pushes } = await accountForPushes(outside)
        return {
          ...{ ended, pushed, restarts: restarted, ...pushes },
          wrong: [...(await Promise.all(loads.map((load) => load.faults()))).flat(), ...faults],
          notCompleted: await notCompleted(),
          mails: outside.resend.messages.length,
          stalled: (await Promise.all(events.map(countStalled))).reduce((sum, count) => sum + count),
        }
      },
    })
  } finally {
    outside.resend.forgive()
    outside.push.forgive()
  }
}

/** Have the next requests take those outside a while, so that workers are met in the middle of them. */
function slowDown({ resend, push, partners }: Outside, random: () => number) {
  resend.forgive()
  resend.fail({ times: 20, mode: "slow", delay: Math.round(random() * 150) })
  for (const at of ["web", "send"] as const) {
    const { release } = push.fail({ times: 1 + Math.floor(random() * 10), at, mode: "hang" })
    setTimeout(release, random() * 200)
  }
  partners.crm.latency = Math.round(random() * 30)
}

/** Resolves when so much more of something is done; whatever is over meanwhile is asked for again. */
async function inTheMiddleOf(load: Load, steps: number, loads: Load[]) {
  const wanted = (await load.progress()) + steps
  const isThere = async () => {
    for (const each of loads) if (await each.isOver()) await each.ask()
    return (await load.progress()) >= wanted
  }
  if (!(await until(isThere, PATIENCE))) throw new Error(`Nothing comes of ${load.name}: are the workers up?`)
}

async function areOver(loads: Load[]) {
  for (const load of loads) if (!(await load.isOver())) return false
  return true
}

/** Queues that have runs to do, and runs on their way there. */
async function openRuns() {
  const queued = await Promise.all(
    JOBS.map(async (job) => {
      const count = await queueOf(job).getJobCountByTypes("waiting", "prioritized", "active", "delayed")
      return { queue: job.name, count }
    }),
  )
  const [row] = await pool()<[{ count: number }]>`
    select count(*)::int as count from outbox where relayed_at is null
  `
  return [...queued, { queue: "outbox", count: row.count }].filter(({ count }) => count > 0)
}

async function arePushed() {
  const [row] = await pool()<[{ left: boolean }]>`
    select exists (select from push_deliveries where status in ('pending', 'sending')) as left
  `
  return !row.left
}

/** Runs that have ended otherwise, as the ledger has them. */
const notCompleted = () => pool()<{ queue: string; status: string; error: string }[]>`
  select queue, status, error from runs where status <> 'completed' and queue = any(${JOBS.map(({ name }) => name)})
`
