import type postgres from "postgres"
import { pool } from "../../db/pool.ts"
import { type Cursor, readCursor, writeCursor } from "../../db/sync/cursors.ts"
import { addItem } from "../../db/sync/items.ts"
import { findRefOf, listUnseen, markSeen } from "../../db/sync/refs.ts"
import { PermanentError } from "../../lib/errors.ts"
import type { Pulled, PulledPage } from "../../lib/partners/define.ts"
import type { Entity } from "../../lib/partners/entities.ts"
import { PartnerGone } from "../../lib/partners/errors.ts"
import { type Sync, scopeOf } from "./context.ts"
import { type Became, bury, take } from "./take.ts"

type Pull = NonNullable<Sync["partner"]["pull"]>

/** Times that a run begins anew at 410: a partner that answers it again and again has something wrong. */
const ANEW = 2

/** Things that a full pass may miss before that is taken for a fault of the partner's list, beyond half of them. */
const FEW = 20

/** Fetch what has changed there, from where the last run has left off: page by page, each kept together with where the next begins. */
export async function pull(entity: Entity, pulling: Pull, sync: Sync) {
  if (sync.only !== null) return await pullOne(entity, sync.only, pulling, sync)
  const { integration, partner, run, line } = sync
  for (let anew = 0, pages = 1; ; pages += 1) {
    const at = await readCursor(integration.id, entity)
    const page = await pulling.page({ cursor: at.cursor, page: at.page }, line).catch((error) => {
      if (error instanceof PartnerGone && anew < ANEW) return "gone" as const
      throw error
    })
    if (page === "gone") {
      anew += 1
      run.log(`${partner.title} no longer knows where to go on: everything is fetched anew`, { entity })
      const beginning = { cursor: null, page: null, pass: at.pass + 1, isFull: true }
      await sync.commit((tx) => writeCursor(integration.id, entity, beginning, tx))
      continue
    }
    if (page.page !== undefined && page.page === at.page)
      throw new Error(`${partner.title} names a page as the one after it`)
    await sync.commit((tx) => keepPage(entity, at, page, sync, tx))
    run.progress({
      percentage: 25,
      stage: `pull ${entity}`,
      message: `${pages} pages of ${entity} are fetched`,
    })
    if (page.page === undefined) return
  }
}

async function keepPage(
  entity: Entity,
  at: Cursor,
  page: PulledPage,
  sync: Sync,
  tx: postgres.TransactionSql,
) {
  const scope = scopeOf(sync, entity)
  for (const pulled of page.items) await keepItem(entity, pulled, sync, tx)
  const ids = page.items.map(({ externalId }) => externalId)
  await markSeen(scope, ids, at.pass, tx)
  if (page.page !== undefined)
    return await writeCursor(sync.integration.id, entity, { ...at, page: page.page }, tx)
  if (at.isFull) await buryUnseen(entity, at.pass, sync, tx)
  const cursor = page.cursor ?? null
  const next = { cursor, page: null, pass: at.pass + 1, isFull: cursor === null }
  await writeCursor(sync.integration.id, entity, next, tx)
}

async function keepItem(entity: Entity, pulled: Pulled, sync: Sync, tx: postgres.TransactionSql) {
  const taken = await tx
    .savepoint((inner) => take(scopeOf(sync, entity), pulled, inner))
    .catch((error): Became => {
      if (!isRefusedByDatabase(error)) throw error
      return { outcome: "failed", localId: null, reasons: [`it cannot be kept: ${error.message}`] }
    })
  await note(entity, pulled.externalId, taken, sync, tx)
}

/** What all there is there does not have is gone; unless that is so much that rather the list is wrong. */
async function buryUnseen(entity: Entity, pass: number, sync: Sync, tx: postgres.TransactionSql) {
  const scope = scopeOf(sync, entity)
  const { unseen, all } = await listUnseen(scope, pass, tx)
  const isFault = unseen.length > Math.max(FEW, all / 2)
  const why = `the partner's list lacks ${unseen.length} of ${all}: that is taken for a fault of it, and nothing is deleted`
  if (isFault) sync.run.log(why, { entity })
  for (const ref of unseen) {
    const became = isFault
      ? { outcome: "kept" as const, localId: ref.localId, reasons: [why] }
      : await bury(scope, ref, tx)
    await note(entity, ref.externalId, became, sync, tx)
  }
}

async function pullOne(entity: Entity, localId: number, { one }: Pull, sync: Sync) {
  const ref = await findRefOf(scopeOf(sync, entity), localId, pool())
  if (!ref) throw new PermanentError(`${sync.partner.title} does not know of ${entity} ${localId}`)
  const pulled = await one(ref.externalId, sync.line)
  await sync.commit((tx) => keepItem(entity, pulled, sync, tx))
}

async function note(entity: Entity, item: string, became: Became, sync: Sync, tx: postgres.TransactionSql) {
  if (!became) return
  const { integration, run } = sync
  await addItem(integration.id, { runId: run.id, direction: "pull", entity, item, ...became }, tx)
}

/** SQLSTATE classes of data that are not right (22), and of constraints (23). */
const isRefusedByDatabase = (error: unknown): error is Error =>
  error instanceof Error && /^2[23]/.test(String((error as { code?: unknown }).code))
