import { sweptUntil } from "../../db/ledger-watermarks.ts"
import { pool } from "../../db/pool.ts"
import { cleanRuns, countEnded } from "../../lib/control/clean.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { jobs } from "../../lib/jobs/index.ts"
import { KEPT } from "../../lib/queues.ts"
import type { EndState } from "../../lib/runs-outcome.ts"
import type { Run } from "../run.ts"
import { type Item, reasons, type Wanted } from "./item.ts"

const STATES = ["completed", "failed"] as const satisfies EndState[]

/** Milliseconds for which a queue is cleaned before a cancel is looked for again. */
const TURN = 500

/**
 * Have Redis forget what it has of runs that ended before. Of itself it does so only when another run of the queue ends. What may still be
 * asked for, or retried, and what the ledger does not have yet, stays.
 */
export async function cleanCache(wanted: Wanted, run: Run): Promise<Item[]> {
  const items: Item[] = []
  for (const job of jobs) for (const state of STATES) items.push(await forget(job, state, wanted, run))
  return items.filter(({ deleted, kept }) => deleted > 0 || kept.length > 0)
}

async function forget(
  job: JobDefinition,
  state: EndState,
  { before, dryRun }: Wanted,
  run: Run,
): Promise<Item> {
  const now = Date.now()
  const usual = now - KEPT[state].age * 1_000
  const recorded = await sweptUntil(job.name, state, pool())
  const until = Math.min(before.getTime(), usual, recorded)
  const [old, free] = await Promise.all([
    countEnded(job, state, before.getTime()),
    countEnded(job, state, until),
  ])
  let deleted = 0
  for (let isMore = !dryRun && free > 0; isMore; ) {
    run.signal.throwIfAborted()
    const cleaned = await cleanRuns(job, state, now - until, { patience: TURN, now })
    deleted += cleaned.count
    isMore = cleaned.isMore
  }
  const why = usual < recorded ? USUAL[state] : "it may not be in the ledger yet"
  return {
    what: `runs of ${job.name} that have ${state}, in Redis`,
    deleted: dryRun ? free : deleted,
    kept: reasons({ count: old - free, why }),
  }
}

const USUAL = {
  completed: "what has completed is kept for a day, for who asks",
  failed: "what has failed is kept for a week, to be retried",
}
