import { RetryLater } from "../../lib/errors.ts"
import { email } from "../../lib/jobs/email.ts"
import { LOW_PRIORITY } from "../../lib/priority.ts"
import { queueKey } from "../../lib/queues.ts"
import { askOrWait } from "../ask-or-wait.ts"

/** What BullMQ multiplies a priority by, to have the runs of one in the order they came. */
const STEP = 2 ** 32

/** Milliseconds for which a run steps aside. */
export const ASIDE = 1_000

/** Milliseconds for which mail to many goes on before it lets others have its place: far less than a try may take. */
const LONGEST = 5 * 60_000

/**
 * Between two requests of mail to many, which has been at it since `startedAt`: throws RetryLater when mail with a higher
 * priority waits for its turn, so that it is taken, or when it has gone on for long.
 */
export async function giveWay(startedAt: number) {
  if (Date.now() - startedAt > LONGEST) throw new RetryLater(ASIDE, "there is more to send: it goes on")
  const urgent = await askOrWait((client) =>
    client.zcount(queueKey(email.name, "prioritized"), "-inf", `(${LOW_PRIORITY * STEP}`),
  )
  if (urgent > 0) throw new RetryLater(ASIDE, "mail with a higher priority goes first")
}
