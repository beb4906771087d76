import { randomUUID } from "node:crypto"
import type postgres from "postgres"
import { directSession, pool } from "../../db/pool.ts"
import { createLog } from "../../lib/log.ts"

/** Where it is said that somebody listens. */
const CHECK_CHANNEL = "esteira_check"

/**
 * Listen on channels of PostgreSQL, over one connection of its own. `check` says something there itself, and opens the
 * connection anew unless it has heard what it said the time before: a connection that is lost may not tell.
 */
export function listenTo(channels: Record<string, () => void>) {
  const log = createLog("Outbox")
  const me = randomUUID()
  let session: postgres.Sql | undefined
  let isHeard = false
  let isDeaf = false

  const open = async () => {
    const opened = directSession()
    session = opened
    await opened.listen(CHECK_CHANNEL, (said) => {
      if (said === me) isHeard = true
    })
    // Called once it listens as well, for what came before.
    for (const [channel, heard] of Object.entries(channels)) await opened.listen(channel, heard, heard)
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
      await pool()`select pg_notify(${CHECK_CHANNEL}, ${me})`
    },
    stop: close,
  }
}
