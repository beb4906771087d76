import { setTimeout as wait } from "node:timers/promises"
import { claimEffect, finishEffect, releaseEffect, renewEffect } from "../db/effects.ts"
import { isDatabaseAway } from "../db/errors.ts"
import type { Json } from "../lib/jobs/define.ts"
import { createLog } from "../lib/log.ts"
import { workerEnv } from "./env.ts"

/** Milliseconds between two looks at an effect that another worker is about. */
const LOOK_AGAIN = 200

/** Milliseconds between two tries to record an effect while PostgreSQL is away. */
const RECORD_AGAIN = 1_000

/**
 * Do something outside once for a run. Done before, by whichever worker and however long ago, its result is returned instead.
 * Between the effect and its record a process may still die: give the provider a key as well.
 * Waits while another worker is about the same effect; rejects with the signal's reason when it is aborted meanwhile.
 */
export async function once<T extends Json | undefined>(
  runId: string,
  key: string,
  perform: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const claim = crypto.randomUUID()
  const lease = workerEnv().LOCK_DURATION
  for (;;) {
    signal.throwIfAborted()
    const effect = await claimEffect({ runId, key, claim, lease })
    if (effect.done) return effect.result as T
    if (effect.mine) break
    await wait(LOOK_AGAIN)
  }
  return (await claimed({ runId, key, claim, lease }, perform, signal)) as T
}

/** The effect, and its record: the claim is kept until there is one. */
async function claimed<T extends Json | undefined>(
  owned: Owned,
  perform: () => Promise<T>,
  signal: AbortSignal,
) {
  const { runId, key, claim, lease } = owned
  const log = createLog("Worker")
  // A claim that is not kept or given up runs out by itself.
  const unheard = (error: Error) => log.warn(`Effect ${key} of job ${runId}`, { reason: error.message })
  const renewal = setInterval(() => void renewEffect(owned).catch(unheard), lease / 3)
  try {
    const result = await perform().catch(async (error) => {
      await releaseEffect(runId, key, claim).catch(unheard)
      throw error
    })
    return await recorded(() => finishEffect({ runId, key, claim, result: result ?? null }), signal)
  } finally {
    clearInterval(renewal)
  }
}

/** What has happened is recorded as soon as there is a database to do it in. */
export async function recorded<T>(record: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await record()
    } catch (error) {
      if (!isDatabaseAway(error) || signal.aborted) throw error
      await wait(RECORD_AGAIN)
    }
  }
}

interface Owned {
  runId: string
  key: string
  claim: string
  lease: number
}
