import type postgres from "postgres"
import { versionOf } from "../../db/sync/changes.ts"
import type { Outcome } from "../../db/sync/items.ts"
import { deleteLead, insertLead, updateLead } from "../../db/sync/leads.ts"
import { buryRef, findRef, insertRef, type Ref, type Scope, updateRef } from "../../db/sync/refs.ts"
import { digestOf } from "../../lib/digest.ts"
import type { Pulled } from "../../lib/partners/define.ts"
import type { Lead } from "../../lib/partners/lead.ts"

type Tx = postgres.TransactionSql

/** What became of an item; undefined when there was nothing to do. */
export type Became = { outcome: Outcome; localId: number | null; reasons: string[] } | undefined

/** What a partner has, told in one word: as long as that is the same, there is nothing new. */
export const hashOf = (lead: Lead): string => digestOf(JSON.stringify(lead))

/**
 * Take what a partner tells of an item. What both sides have changed since they last agreed goes by the side that it comes from:
 * theirs is taken of what came from there, ours stays of what comes from here. How far a lead has come is ours alone.
 */
export async function take(scope: Scope, pulled: Pulled, tx: Tx): Promise<Became> {
  const ref = await findRef(scope, pulled.externalId, tx)
  if ("fault" in pulled) return { outcome: "failed", localId: ref?.localId ?? null, reasons: [pulled.fault] }
  if ("gone" in pulled) return ref && !ref.deletedAt ? await bury(scope, ref, tx) : undefined
  if (!ref) return await takeNew(scope, pulled.externalId, pulled.lead, tx)
  return await takeChange(scope, ref, pulled.lead, tx)
}

async function takeNew(scope: Scope, externalId: string, lead: Lead, tx: Tx): Promise<Became> {
  const { id, propertyId } = await insertLead(scope.agencyId, lead, tx)
  const pushedVersion = (await versionOf(scope, id, tx)) ?? null
  const known = {
    externalId,
    localId: id,
    origin: "there",
    contentHash: hashOf(lead),
    pushedVersion,
  } as const
  await insertRef(scope, known, tx)
  return { outcome: "created", localId: id, reasons: unknownProperty(lead, propertyId) }
}

async function takeChange(scope: Scope, ref: Ref, lead: Lead, tx: Tx): Promise<Became> {
  const contentHash = hashOf(lead)
  const ours = await versionOf(scope, ref.localId, tx)
  // Deleted here, it is not to come back: the next push tells the partner, if it has not.
  if (ours === undefined) return undefined
  const isBack = ref.deletedAt !== null
  if (contentHash === ref.contentHash && !isBack) return undefined
  const isOursChanged = ours !== ref.pushedVersion
  if (isOursChanged && ref.origin === "here") {
    await updateRef(ref.id, { contentHash, isBack }, tx)
    return became(ref, "kept", "changed on both sides: what comes from here stays as it is here")
  }
  await updateLead(ref.localId, scope.agencyId, lead, tx)
  // Changed here as well, it stays to be pushed: with what was taken, and with what is ours alone.
  const pushedVersion = isOursChanged ? undefined : await versionOf(scope, ref.localId, tx)
  await updateRef(ref.id, { contentHash, isBack, ...(pushedVersion && { pushedVersion }) }, tx)
  return isOursChanged
    ? became(ref, "updated", "changed on both sides: what comes from there was taken")
    : became(ref, "updated")
}

/** Gone there, it goes here as well, if it came from there and nobody has changed it here; else it stays, and is exchanged no longer. */
export async function bury(scope: Scope, ref: Ref, tx: Tx): Promise<Became> {
  await buryRef(ref.id, tx)
  const ours = await versionOf(scope, ref.localId, tx)
  if (ours === undefined) return undefined
  if (ref.origin === "here") return became(ref, "kept", "deleted there; it comes from here, and stays")
  if (ours !== ref.pushedVersion) return became(ref, "kept", "deleted there; it was changed here, and stays")
  await deleteLead(ref.localId, scope.agencyId, tx)
  return became(ref, "deleted")
}

const became = ({ localId }: Ref, outcome: Outcome, ...reasons: string[]): Became => ({
  outcome,
  localId,
  reasons,
})

const unknownProperty = ({ propertyCode }: Lead, propertyId: number | null) =>
  propertyCode !== null && propertyId === null ? [`no property here has the code ${propertyCode}`] : []
