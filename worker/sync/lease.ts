import type postgres from "postgres"
import { cancellable } from "../../db/cancellable.ts"
import { sidePool } from "../../db/pool.ts"
import { giveLease, holdLease, renewLease, takeLease } from "../../db/sync/lease.ts"
import { RetryLater } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import { workerEnv } from "../env.ts"
import type { Run } from "../run.ts"

/** Milliseconds until a run looks again whether it may begin. */
const LOOK_AGAIN = 2_000

/** The integration was disabled or removed while it was exchanged with: the rest is left. */
export class Withdrawn extends Error {
  override name = "Withdrawn"
}

/** What a run may do while an integration is its own. */
export interface Held {
  /** Aborted with the run, and when the integration is another's. */
  signal: AbortSignal
  /** Write in a transaction, and only if the integration is still this run's and enabled. Throws RetryLater and Withdrawn. */
  commit<T>(write: (tx: postgres.TransactionSql) => Promise<T>): Promise<T>
}

/**
 * Exchange something while no other run does with the same partner for the same agency, on whichever worker. A row says whose turn
 * it is: behind a transaction pooler no session could. Who is killed has it until its time has run out, or its run is tried
 * again; who merely seemed dead finds that nothing it writes is taken.
 */
export async function withLease<T>(
  integrationId: number,
  run: Pick<Run, "id" | "signal">,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const milliseconds = workerEnv().LOCK_DURATION
  const lease = await takeLease(integrationId, run.id, milliseconds)
  if (!lease) throw new RetryLater(LOOK_AGAIN, "another run of this integration is under way")
  const lost = new AbortController()
  const signal = AbortSignal.any([run.signal, lost.signal])
  const log = createLog("Worker")
  // One that is not renewed or given up runs out by itself; what is written is checked in any case.
  const unheard = (error: Error) =>
    log.warn(`Integration ${integrationId}`, { runId: run.id, reason: error.message })
  const renew = async () => {
    if (!(await renewLease(lease, milliseconds))) lost.abort(lostTo(await holdLease(lease, sidePool())))
  }
  const renewal = setInterval(() => void renew().catch(unheard), milliseconds / 3)
  try {
    return await work({
      signal,
      commit: (write) =>
        cancellable(signal, async (tx) => {
          const why = lostTo(await holdLease(lease, tx))
          if (why) throw why
          return await write(tx)
        }),
    })
  } finally {
    clearInterval(renewal)
    await giveLease(lease).catch(unheard)
  }
}

/** Why nothing more may be written; undefined when it may. */
function lostTo(found: Awaited<ReturnType<typeof holdLease>>) {
  if (!found) return new Withdrawn("the integration was removed meanwhile")
  if (!found.isOurs) return new RetryLater(LOOK_AGAIN, "another has taken over this integration")
  if (!found.isEnabled) return new Withdrawn("the integration was disabled meanwhile")
}
