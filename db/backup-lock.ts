import { RetryLater } from "../lib/errors.ts"
import { directSession } from "./pool.ts"

/** Milliseconds until somebody may look again. */
const LOOK_AGAIN = 15_000

/**
 * Do something with backups while nobody else does, in whichever process. Its signal is aborted with that of the run, and when the
 * connection that keeps others away is lost; either way it has ended when this does. Throws RetryLater when somebody else is at it.
 */
export async function withBackupLock<T>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const session = directSession()
  const lost = new AbortController()
  let working: Promise<T> | undefined
  try {
    return (await session.begin(async (tx) => {
      // It is held for hours between two words.
      await tx`set local idle_in_transaction_session_timeout = 0`
      const [{ mine }] = await tx<[{ mine: boolean }]>`
        select pg_try_advisory_xact_lock(hashtext('esteira.backup')) as mine
      `
      if (!mine) throw new RetryLater(LOOK_AGAIN, "another backup is under way")
      working = work(AbortSignal.any([signal, lost.signal]))
      return await working
    })) as T
  } catch (error) {
    // postgres.js waits for nothing once the connection is gone.
    lost.abort(error)
    await working?.catch(() => undefined)
    throw error
  } finally {
    await session.end({ timeout: 1 })
  }
}
