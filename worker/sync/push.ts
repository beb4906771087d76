import { v5 as uuidv5 } from "uuid"
import { pool } from "../../db/pool.ts"
import { type LocalChange, listChanges, listGone, noteTold, takeForKnown } from "../../db/sync/changes.ts"
import { beginTelling } from "../../db/sync/cursors.ts"
import { addItem, type Item } from "../../db/sync/items.ts"
import { beginRef, buryRef, endBegun, findRefOf, nameHere } from "../../db/sync/refs.ts"
import type { Change } from "../../lib/partners/define.ts"
import type { Entity } from "../../lib/partners/entities.ts"
import { BadAnswer, ItemRefused } from "../../lib/partners/errors.ts"
import { type Sync, scopeOf } from "./context.ts"
import { hashOf } from "./take.ts"

type Push = NonNullable<Sync["partner"]["push"]>

/** Changes that are looked up at a time. */
const BATCH = 100

/** The namespace of the keys by which a partner knows a change again. */
const KEYS = "a0c1a3f5-6d0b-4c1e-9d6e-0d5f6f1f8a52"

/** Tell a partner what has changed here: each thing once for each change, whatever is tried again. */
export async function push(entity: Entity, pushing: Push, sync: Sync) {
  const scope = scopeOf(sync, entity)
  const { integration, only } = sync
  if (pushing.tells === "changes")
    await sync.commit(async (tx) => {
      if (await beginTelling(integration.id, entity, tx)) await takeForKnown(scope, integration.id, tx)
    })
  await eachOf(
    (after) => listChanges(scope, { after, limit: BATCH, only }, pool()),
    (found) => tellChange(entity, found, pushing, sync),
    sync,
  )
  await eachOf(
    (after) => listGone(scope, { after, limit: BATCH, only }, pool()),
    ({ localId, externalId, pushes }) =>
      tell({
        change: {
          ...{ entity, localId, externalId, content: null, what: "deleted" },
          key: keyOf(integration, entity, localId, pushes, "deleted"),
        },
        version: undefined,
        pushing,
        sync,
      }),
    sync,
  )
}

/** Tell again of what a try has begun to tell of: fetched before the partner has said what it calls it, it would come back as news. */
export const tellBegun = (entity: Entity, pushing: Push, sync: Sync) =>
  eachOf(
    (after) =>
      listChanges(scopeOf(sync, entity), { after, limit: BATCH, only: null, areBegun: true }, pool()),
    (found) => tellChange(entity, found, pushing, sync),
    sync,
  )

/** What was begun is told of under the version that it was begun with, so that it is known again; what has changed since comes after it. */
async function tellChange(entity: Entity, found: LocalChange, pushing: Push, sync: Sync) {
  const { localId, externalId, pushes, content, begun } = found
  const version = begun ?? found.version
  const comesBack = sync.partner.pull?.entities.includes(entity) ?? false
  if (externalId === null && comesBack)
    await sync.commit((tx) => beginRef(scopeOf(sync, entity), localId, version, tx))
  await tell({
    change: {
      ...{ entity, localId, externalId, content, what: externalId === null ? "created" : "updated" },
      key: keyOf(sync.integration, entity, localId, pushes, version),
    },
    version,
    pushing,
    sync,
  })
}

/** Back and forth between two states, a thing has the same version twice: how often this account was told of it counts as well. */
const keyOf = (
  { id, begunAt }: Sync["integration"],
  entity: Entity,
  localId: number,
  pushes: number,
  version: string,
) => uuidv5([id, begunAt.getTime(), entity, localId, pushes, version].join("/"), KEYS)

async function eachOf<Found extends { localId: number }>(
  list: (after: number) => Promise<Found[]>,
  act: (found: Found) => Promise<void>,
  { signal }: Sync,
) {
  for (let after = 0; ; ) {
    const found = await list(after)
    for (const one of found) {
      signal.throwIfAborted()
      await act(one)
    }
    if (found.length < BATCH) return
    after = found.at(-1)!.localId
  }
}

interface Telling {
  change: Change
  /** Undefined of what is gone. */
  version: string | undefined
  pushing: Push
  sync: Sync
}

/** Tell of one change, and note what came of it: between the two the partner knows it again by its key. */
async function tell({ change, version, pushing, sync }: Telling) {
  const { entity, localId, what } = change
  const scope = scopeOf(sync, entity)
  const sent = await pushing.send(change, sync.line).catch((error) => {
    if (error instanceof ItemRefused || error instanceof BadAnswer) return error
    throw error
  })
  await sync.commit(async (tx) => {
    const note = (outcome: Item["outcome"], ...reasons: string[]) =>
      noteItem(sync, { entity, localId, outcome, reasons }, tx)
    if (sent instanceof ItemRefused && change.externalId === null) await endBegun(scope, localId, tx)
    if (sent instanceof Error) return await note("failed", sent.message)
    if (sent === "gone" || version === undefined) {
      const ref = await findRefOf(scope, localId, tx)
      if (ref) await buryRef(ref.id, tx)
      return await (version === undefined
        ? note("deleted")
        : note("kept", "deleted there; it stays, and is exchanged no longer"))
    }
    const contentHash = sent.lead ? hashOf(sent.lead) : null
    const externalId = change.externalId ?? sent.externalId ?? nameHere(localId)
    const told = { localId, externalId, version, contentHash }
    if (await noteTold(scope, told, sync.integration.id, tx)) return await note(what)
    await note("failed", `the partner calls it ${told.externalId}, as it calls something else already`)
  })
}

const noteItem = (
  { integration, run }: Sync,
  { localId, ...item }: Pick<Item, "entity" | "outcome" | "reasons"> & { localId: number },
  tx: Parameters<typeof addItem>[2],
) =>
  addItem(integration.id, { runId: run.id, direction: "push", item: String(localId), localId, ...item }, tx)
