import { v7 as uuidv7 } from "uuid"
import { takeChunk, takeFailedChunk } from "../../db/mailing-chunks.ts"
import {
  countAsked,
  type DueMailing,
  endMailings,
  failChunks,
  forgottenChunks,
  handOver,
  holdDueMailing,
  isAlone,
  nextDueMailing,
  spaceMailing,
} from "../../db/mailing-plans.ts"
import { addToOutbox } from "../../db/outbox.ts"
import { type Db, pool } from "../../db/pool.ts"
import { email } from "../../lib/jobs/email.ts"
import { LOW_PRIORITY } from "../../lib/priority.ts"
import { onQueue } from "../../lib/queues.ts"

/** Mails of a chunk: what the provider takes in one request. */
const CHUNK = 100

/** Chunks under way at a time, of all mailings: half of what one worker takes, so that other mail always finds a place. */
const AHEAD = Math.floor(email.concurrency / 2)

/** Times that a chunk is tried, twice as late each time: an outage of five hours does not end a mailing. */
const ATTEMPTS = 12

/** Minutes after which a run is looked for of which nothing was heard. */
const FORGOTTEN = 10

/** Milliseconds after which there is a look though nothing was heard, and until one that somebody else was at. */
export const LOOK_AGAIN = 15_000
const HELD = 1_000

/**
 * Ask for the next chunk that is due, in the transaction that puts it down: it is asked for once, and never without its
 * recipients. Returns how many milliseconds there is nothing to do for.
 */
export const planMailings = (): Promise<number> =>
  pool().begin(async (tx) => {
    if (!(await isAlone(tx))) return HELD
    await failChunks(tx)
    await askAgain(tx)
    await endMailings(tx)
    if ((await countAsked(tx)) >= AHEAD) return LOOK_AGAIN
    const mailing = await holdDueMailing(tx)
    if (mailing) await askForChunk(mailing, tx)
    return Math.min(LOOK_AGAIN, (await nextDueMailing(tx)) ?? LOOK_AGAIN)
  })

async function askForChunk(mailing: DueMailing, tx: Db) {
  const { id, perMinute, createdBy } = mailing
  const runId = uuidv7()
  const failed = await takeFailedChunk(mailing, runId, tx)
  const chunk =
    failed === undefined
      ? await takeChunk(mailing, runId, Math.min(CHUNK, perMinute), tx)
      : { number: failed, size: Math.min(CHUNK, perMinute) }
  if (!chunk) return
  await addToOutbox([runOf({ mailing: id, chunk: chunk.number }, runId, createdBy)], tx)
  await spaceMailing(mailing, chunk.size, tx)
}

/** What Redis has lost is asked for under another run: it is known to the provider by its chunk, and not sent twice. */
async function askAgain(tx: Db) {
  for (const chunk of await forgottenChunks(FORGOTTEN, tx)) {
    const state = await onQueue(email, (queue) => queue.getJobState(chunk.runId))
    if (state !== "unknown") continue
    const runId = uuidv7()
    await handOver(chunk, runId, tx)
    const payload = { mailing: chunk.mailingId, chunk: chunk.number }
    await addToOutbox([runOf(payload, runId, chunk.createdBy)], tx)
  }
}

const runOf = (payload: { mailing: number; chunk: number }, id: string, askedBy: string) => ({
  id,
  queue: email.name,
  name: "mailing",
  payload,
  options: { priority: LOW_PRIORITY, attempts: ATTEMPTS, askedBy },
})
