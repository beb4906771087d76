import { email } from "../../lib/jobs/email.ts"
import type { ResendSimulator } from "../resend/simulator.ts"
import { until } from "../until.ts"
import { drill } from "./drill.ts"
import { askForMails } from "./mails.ts"

interface Drill {
  resend: ResendSimulator
  mails: number
  kills: number
  seed: number
  /** Told after each kill. */
  onKill?: (count: number, ended: number) => void
}

const WORKERS = 3

/** Milliseconds a mail takes at the provider: long enough that workers are met in the middle. */
const LATENCY = 40

/** Milliseconds that the mails may take in all once the killing is over. */
const PATIENCE = 120_000

/**
 * Three workers send mails and are killed, one after the other, at random points of that; each is started anew.
 * The same seed kills after the same number of mails. Returns what became of the mails.
 */
export async function killDrill({ resend, mails: count, kills, seed, onKill }: Drill) {
  const mails = await askForMails(resend, { count, latency: LATENCY })
  const perKill = count / (kills + 1)
  let target = 0
  try {
    return await drill({
      ...{ workers: WORKERS, kills, seed, spread: 50, env: { WORKER_QUEUES: email.name } },
      async moment(kill, random) {
        target = Math.min(count - 1, target + Math.ceil(random() * 2 * perKill))
        const wanted = Math.min(target, Math.floor(kill * perKill))
        await until(async () => (await mails.ended()) >= wanted, PATIENCE)
      },
      onKill: async (kill) => onKill?.(kill, await mails.ended()),
      async became() {
        const ended = await mails.allEnded(PATIENCE)
        const recorded = await mails.allRecorded(PATIENCE)
        return { ended, recorded, ...(await mails.account()) }
      },
    })
  } finally {
    resend.forgive()
  }
}
