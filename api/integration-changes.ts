import {
  beginAnew,
  deleteIntegration,
  holdIntegration,
  type Integration,
  insertIntegration,
  type NewIntegration,
  updateIntegration,
} from "../db/integrations.ts"
import { enqueueIn } from "../db/outbox.ts"
import { type Db, pool } from "../db/pool.ts"
import { integrationSync } from "../lib/jobs/integration-sync.ts"

/** An integration, and the run that exchanges with it now; null when it is disabled, or nothing of it has changed. */
export type WithRun = Integration & { jobId: string | null }

/** Keep a new integration, and have it exchanged with at once; undefined when the agency has one with this provider. */
export const makeIntegration = (given: NewIntegration, askedBy: string) =>
  pool().begin(async (tx): Promise<WithRun | undefined> => {
    const made = await insertIntegration(given, tx)
    return made && { ...made, jobId: await exchangeNow(made, askedBy, tx) }
  })

interface Changes extends Partial<Pick<NewIntegration, "enabled" | "settings" | "secrets" | "secretNames">> {
  /** Whether it is with another account from now on, of which nothing is known. */
  isAnew?: boolean
}

/** Change an integration, and have it exchanged with at once as it is now; undefined when there is none. */
export const changeIntegration = (id: number, { isAnew = false, ...changes }: Changes, askedBy: string) =>
  pool().begin(async (tx): Promise<WithRun | undefined> => {
    const before = await holdIntegration(id, tx)
    if (!before) return undefined
    const changed = (await updateIntegration(id, changes, tx))!
    const after = isAnew ? await beginAnew(changed, tx) : changed
    const isNews = before.status !== "ok" || isAnew || changes.settings || changes.secrets
    return { ...after, jobId: isNews ? await exchangeNow(after, askedBy, tx) : null }
  })

async function exchangeNow({ agencyId, provider, status }: Integration, askedBy: string, tx: Db) {
  if (status !== "ok") return null
  const sync = { agencyId, provider, action: "sync" } as const
  return await enqueueIn(tx, integrationSync, sync, {}, { name: `sync-${provider}`, askedBy })
}

/** Remove an integration; false when there is none. */
export const removeIntegration = (id: number) =>
  pool().begin(async (tx) => {
    if (!(await holdIntegration(id, tx))) return false
    await deleteIntegration(id, tx)
    return true
  })
