import { OUTBOX_CHANNEL } from "../../db/outbox.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { tellOutages } from "../outages.ts"
import { keepRounds, type Rest } from "../rounds.ts"
import { listenTo } from "./listen.ts"
import { relayBatch } from "./relay.ts"

/** Milliseconds after which the outbox is looked at though nothing was heard of it. */
const LOOK_AGAIN = 15_000

/** Bring what comes into the outbox into its queue, until stopped: any number of workers may. */
export function keepOutbox(
  jobs?: readonly JobDefinition[],
  /** What else is heard on the same connection, by its channel. */
  heard: Record<string, () => void> = {},
) {
  const outages = tellOutages({
    part: "Outbox",
    waits: "Runs wait in the outbox",
    goesOn: "Runs are relayed again",
    fails: "Runs cannot be relayed",
  })
  let checkAt = 0

  const listener = listenTo({ ...heard, [OUTBOX_CHANNEL]: () => rounds.wake() })

  const round = async (): Promise<Rest> => {
    try {
      if (performance.now() >= checkAt) {
        await listener.check()
        checkAt = performance.now() + LOOK_AGAIN
      }
      const relayed = await relayBatch(jobs)
      outages.over()
      return relayed > 0 ? 0 : LOOK_AGAIN
    } catch (error) {
      return outages.note(error)
    }
  }
  const rounds = keepRounds(round)
  return {
    /** Resolves when nothing is under way, or within seconds: what was not committed then is relayed by another. */
    async stop() {
      await rounds.stop()
      await listener.stop()
    },
  }
}
