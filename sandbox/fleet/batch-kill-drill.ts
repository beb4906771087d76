import { pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import type { Failure } from "../resend/failures.ts"
import type { ResendSimulator } from "../resend/simulator.ts"
import { until } from "../until.ts"
import { drill } from "./drill.ts"

interface Drill {
  resend: ResendSimulator
  /** Recipients of a run. */
  recipients: number
  kills: number
  seed: number
  /** Told after each kill, with the mails that were taken until then. */
  onKill?: (count: number, mails: number) => void
}

/** Milliseconds that what is waited for may take. */
const PATIENCE = 60_000

/** How many of the recipients are suppressed: every so many'th. */
const SUPPRESSED = 50

/**
 * A worker sends a mail to many and is killed at random points of that: before a request is answered, while it is taken, and
 * in what comes before and after; another goes on. A run that ends before the killing does is followed by one like it.
 * Returns what became of the mails.
 */
export async function batchKillDrill({ resend, recipients, kills, seed, onKill }: Drill) {
  const runs: Asked[] = []
  try {
    return await drill({
      ...{ workers: 1, kills, seed, spread: 150, env: { WORKER_QUEUES: email.name } },
      async moment(_, random) {
        const { met } = resend.fail(failureFor(random()))
        let isMet = false
        void met.then(() => {
          isMet = true
        })
        const isThere = async () => {
          if (!isMet && (!runs.length || (await hasEnded(runs.at(-1)!.id))))
            runs.push(await askForMailToMany(recipients))
          return isMet
        }
        if (!(await until(isThere, PATIENCE))) throw new Error("No mail was asked for: is the worker up?")
      },
      dead: resend.forgive,
      onKill: (kill) => onKill?.(kill, resend.messages.length),
      async became() {
        const ended = await until(
          async () => (await Promise.all(runs.map(({ id }) => hasEnded(id)))).every(Boolean),
          PATIENCE,
        )
        return {
          runs: runs.length,
          ended,
          wrong: (await Promise.all(runs.map((run) => faultsOf(run, resend)))).flat(),
        }
      },
    })
  } finally {
    resend.forgive()
  }
}

/** Half of the requests are lost with the worker that made them; the others are taken, most of them after it has gone. */
const failureFor = (chance: number): Failure =>
  chance < 0.5
    ? { times: 1, mode: "hang" }
    : { times: 1, mode: "slow", delay: Math.round((chance - 0.5) * 200) }

interface Asked {
  id: string
  to: string[]
  suppressed: Set<string>
}

async function askForMailToMany(count: number): Promise<Asked> {
  const group = crypto.randomUUID().slice(0, 8)
  const to = Array.from({ length: count }, (_, index) => `p${index}.${group}@example.com`)
  const suppressed = to.filter((_, index) => index % SUPPRESSED === SUPPRESSED - 1)
  await pool()`
    insert into email_suppressions (email, reason)
    select email, 'manual' from unnest(${suppressed}::text[]) as email
  `
  const { id } = await enqueue(email, { to, template: "welcome", data: { userName: "Ana" } })
  return { id, to, suppressed: new Set(suppressed) }
}

const hasEnded = async (id: string) => {
  const state = await queueOf(email).getJobState(id)
  return state === "completed" || state === "failed"
}

/** What is not as it has to be: each recipient with one row, and one mail unless suppressed; the run completed, no attempt burnt. */
async function faultsOf({ id, to, suppressed }: Asked, resend: ResendSimulator): Promise<string[]> {
  const mails = new Map<string, string[]>()
  for (const message of resend.messages)
    for (const address of message.to) mails.set(address, [...(mails.get(address) ?? []), message.id])
  const rows = await pool()<{ recipient: string; status: string; providerId: string | null }[]>`
    select recipient, status, provider_id from email_messages where run_id = ${id}
  `
  const byRecipient = Map.groupBy(rows, ({ recipient }) => recipient)
  const faults = to.flatMap((address) => {
    const [row, ...more] = byRecipient.get(address) ?? []
    const status = suppressed.has(address) ? "suppressed" : "sent"
    const sent = mails.get(address) ?? []
    const isRight =
      row?.status === status &&
      more.length === 0 &&
      sent.length === (status === "sent" ? 1 : 0) &&
      row.providerId === (sent[0] ?? null)
    return isRight
      ? []
      : [`${address}: ${sent.length} mails, ${row?.status}, ${more.length + (row ? 1 : 0)} rows`]
  })
  if (rows.length !== to.length) faults.push(`${rows.length} rows for ${to.length} recipients`)
  const run = await queueOf(email).getJob(id)
  const result = { sent: to.length - suppressed.size, suppressed: suppressed.size, messageId: null }
  if (!Bun.deepEquals(run?.returnvalue, result) || run?.attemptsMade !== 1)
    faults.push(
      `${id}: ${run?.failedReason}, ${JSON.stringify(run?.returnvalue)}, attempts ${run?.attemptsMade}`,
    )
  return faults
}
