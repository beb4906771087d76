import { RetryLater } from "../lib/errors.ts"
import { directSession } from "./pool.ts"

/** Milliseconds until somebody may look again. */
const LOOK_AGAIN = 15_000

/** Do something with backups while nobody else does, in whichever process. Throws RetryLater when somebody does. */
export async function withBackupLock<T>(work: () => Promise<T>): Promise<T> {
  const session = directSession()
  try {
    return (await session.begin(async (tx) => {
      // It is held for hours between two words.
      await tx`set local idle_in_transaction_session_timeout = 0`
      const [{ mine }] = await tx<[{ mine: boolean }]>`
        select pg_try_advisory_xact_lock(hashtext('esteira.backup')) as mine
      `
      if (!mine) throw new RetryLater(LOOK_AGAIN, "another backup is under way")
      return await work()
    })) as T
  } finally {
    await session.end({ timeout: 1 })
  }
}
