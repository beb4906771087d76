import { randomUUID } from "node:crypto"
import type postgres from "postgres"
import { OUTBOX_CHANNEL } from "../../db/outbox.ts"
import { directSession, pool } from "../../db/pool.ts"
import { createLog } from "../../lib/log.ts"

/**
 * Listen for what comes into the outbox, on a connection of its own. `check` says something there itself, and opens the
 * connection anew unless it has heard what it said the time before: a connection that is lost may not tell.
 */
export function listenToOutbox(heard: () => void) {
  const log = createLog("Outbox")
  const me = randomUUID()
  let session: postgres.Sql | undefined
  let isHeard = false
  let isDeaf = false

  const open = async () => {
    const opened = directSession()
    session = opened
    await opened.listen(
      OUTBOX_CHANNEL,
      (said) => {
        if (said === me) isHeard = true
        else heard()
      },
      // What came while nobody listened.
      heard,
    )
  }
  const close = async () => {
    const closing = session
    session = undefined
    await closing?.end({ timeout: 1 })
  }
  return {
    /** Throws when PostgreSQL is away. */
    async check() {
      if (session && !isHeard) {
        if (!isDeaf)
          log.warn("Nothing is heard of the outbox, which is looked at now and then instead: set DIRECT_URL")
        isDeaf = true
        await close()
      } else if (session && isDeaf) {
        log.info("The outbox is heard again")
        isDeaf = false
      }
      if (!session)
        await open().catch(async (error) => {
          await close()
          throw error
        })
      isHeard = false
      await pool()`select pg_notify(${OUTBOX_CHANNEL}, ${me})`
    },
    stop: close,
  }
}
