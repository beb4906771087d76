import { nextDue } from "../../db/push-deliveries.ts"
import { settleReceipts, takeTickets } from "../../db/push-receipts.ts"
import { tellOutages } from "../outages.ts"
import { keepRounds, type Rest } from "../rounds.ts"
import { pushCounts } from "./counts.ts"
import { askReceipts, MOST_TICKETS } from "./expo.ts"
import { sendDue } from "./send-due.ts"

/** Milliseconds after which there is a look, and at least between two of them. */
const LOOK_AGAIN = 15_000
const AT_LEAST = 1_000

/** Milliseconds after which Expo is asked again what became of a push, when it did not say. */
const ASK_AGAIN = 15 * 60_000

/**
 * Push what runs have left, until stopped: what waits for quiet hours to end or is to be tried again, and what a worker that died
 * had begun; and ask Expo what became of what it took. Any number of workers may.
 */
export function keepPushes() {
  const outages = tellOutages({
    part: "Push",
    waits: "Pushes wait",
    goesOn: "Pushes go on",
    fails: "What is left to push cannot be pushed",
  })
  const stopping = new AbortController()

  const round = async (): Promise<Rest> => {
    try {
      const done = (await sendDue({ signal: stopping.signal })) + (await readReceipts())
      outages.over()
      if (done > 0) return 0
      const rest = (await nextDue()) ?? LOOK_AGAIN
      return Math.max(AT_LEAST, Math.min(LOOK_AGAIN, Math.ceil(rest)))
    } catch (error) {
      return outages.note(error)
    }
  }
  const rounds = keepRounds(round)
  return {
    /** Resolves when nothing is under way, or within seconds: what is not recorded then is taken over by another worker. */
    stop() {
      stopping.abort()
      return rounds.stop()
    },
  }
}

/** Ask what became of what Expo took, and record it; returns of how many it was asked. */
export async function readReceipts(): Promise<number> {
  const tickets = await takeTickets(MOST_TICKETS, ASK_AGAIN)
  if (tickets.length === 0) return 0
  const receipts = await askReceipts(tickets)
  if (receipts.length) pushCounts.told(await settleReceipts(receipts))
  return tickets.length
}
