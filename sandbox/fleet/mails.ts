import { pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import type { ResendSimulator } from "../resend/simulator.ts"
import { until } from "../until.ts"
import { countStalled, keepEvents } from "./events.ts"

/** Ask for so many mails, each of which takes the provider `latency` milliseconds, and keep account of what becomes of them. */
export async function askForMails(
  resend: ResendSimulator,
  { count, latency, attempts = 3 }: { count: number; latency: number; attempts?: number },
) {
  await queueOf(email).waitUntilReady()
  const events = await keepEvents("email")
  resend.fail({ times: 1_000_000, mode: "slow", delay: latency })
  const addresses = new Map<string, string>()
  await Promise.all(
    Array.from({ length: count }, async () => {
      const to = `${crypto.randomUUID()}@example.com`
      const { id } = await enqueue(
        email,
        { to, template: "welcome", data: { userName: "Ana" } },
        { attempts },
      )
      addresses.set(id, to)
    }),
  )
  const ids = [...addresses.keys()]
  const endings = async () =>
    (await events()).filter(
      ({ id, event }) => addresses.has(id) && (event === "completed" || event === "failed"),
    )

  return {
    ids,
    /** How many have ended so far. */
    ended: async () => (await endings()).length,
    allEnded: (patience: number) => until(async () => (await endings()).length >= count, patience),
    /** Whether the ledger has come to know of all. */
    allRecorded: (patience: number) => until(async () => (await recorded(ids)).length === count, patience),
    async account() {
      const sent = new Map<string, number>()
      for (const { to } of resend.messages) for (const address of to) add(sent, address)
      const endedOnce = new Map<string, number>()
      for (const { id } of await endings()) add(endedOnce, id)
      const ledger = new Map((await recorded(ids)).map((row) => [row.id, row]))
      const differing = (await queueOf(email).getJobs(["completed", "failed"])).filter(
        (queued) =>
          addresses.has(queued.id!) &&
          (ledger.get(queued.id!)?.finishedAt.getTime() !== queued.finishedOn ||
            ledger.get(queued.id!)?.attempts !== queued.attemptsMade),
      )
      return {
        notSentOnce: ids.filter((id) => sent.get(addresses.get(id)!) !== 1),
        notEndedOnce: ids.filter((id) => endedOnce.get(id) !== 1),
        notCompleted: (await endings()).filter(({ event }) => event !== "completed"),
        notInLedger: ids.filter((id) => ledger.get(id)?.status !== "completed"),
        attemptsBurnt: [...ledger.values()].filter(({ attempts }) => attempts !== 1).map(({ id }) => id),
        differingFromRedis: differing.map(({ id }) => id),
        stalled: await countStalled(events),
      }
    },
  }
}

const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)

const recorded = (ids: string[]) =>
  pool()<{ id: string; status: string; attempts: number; finishedAt: Date }[]>`
    select id, status, attempts, finished_at from runs where id = any(${ids})
  `
