import { afterEach, beforeEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { beginSync, findSync } from "../../db/price-syncs.ts"
import { toOffer } from "./nota-parana/normalise.ts"
import { row } from "./nota-parana/testing.ts"
import { storeTold } from "./store.ts"
import { seedSync, storedPrices } from "./testing.ts"

const GTIN = "07899101001176"
const now = Date.now()
const wanted = { gtin: GTIN, since: now - 86_400_000, now }

/** Offers of the first product, by their source ids. */
const offers = (...ids: string[]) =>
  ids.map((id) => {
    const offer = toOffer(row({ id, gtin: GTIN, datahora: new Date(now - 3_600_000).toISOString() }), wanted)
    if (typeof offer === "string") throw new Error(offer)
    return offer
  })
const told = (...ids: string[]) => ({ offers: offers(...ids), dropped: {}, incomplete: [] })

beforeEach(seedSync)
afterEach(async () => {
  await pool()`drop function if exists refuse() cascade`
})

test("prices, and that they were asked for, are stored together or not at all", async () => {
  const { id, runId } = await beginSync("one", {})
  await pool()`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$
  `
  // At the very end, when all has been said.
  await pool()`
    create constraint trigger refuse after insert on unmatched_stores
    deferrable initially deferred for each row execute function refuse()
  `
  await expect(storeTold(id, 1, told("a"))).rejects.toThrow("refused")
  expect((await storedPrices()).length).toBe(0)
  expect(await findSync(runId)).toMatchObject({ asked: 0 })

  await pool()`drop function refuse() cascade`
  await expect(storeTold(99, 1, told("a"))).rejects.toThrow("price_sync_products_sync_id_fkey")
  expect((await storedPrices()).length).toBe(0)
})

test("what was told twice counts once, and what is no price as ignored", async () => {
  const { id, runId } = await beginSync("one", {})
  await storeTold(id, 1, told("a", "b"))
  await storeTold(id, 2, { ...told("b", "c"), dropped: { contradictory: 2, future: 1 } })
  await storeTold(id, 3, { ...told(), dropped: { malformed: 1 } })
  await storeTold(id, 4, told())
  expect(await findSync(runId)).toMatchObject({ asked: 4, found: 3, notFound: 1, registered: 3, ignored: 5 })
})
