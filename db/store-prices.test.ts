import { beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import type postgres from "postgres"
import type { Offer, Store } from "../lib/offer.ts"
import { assignStore } from "./market-stores.ts"
import { pool } from "./pool.ts"
import { latestPrices } from "./prices.ts"
import { storePrices } from "./store-prices.ts"
import { emptyPrices } from "./testing.ts"
import { addMarket, till } from "./testing-markets.ts"

const GTINS = ["07899101001176", "07899101001343", "00000078912939"]
const DAY = 86_400_000
const noon = new Date(Math.floor(Date.now() / DAY) * DAY - DAY / 2)

const known: Store = { ...till, code: "known" }
const stranger: Store = { ...known, code: "stranger", name: "OUTRA LOJA", legalName: "OUTRA", number: "9" }

let marketId: number

beforeEach(async () => {
  const sql = pool()
  await emptyPrices()
  marketId = await addMarket()
  await sql`insert into products (name) values ('Arroz'), ('Feijão')`
  await sql`
    insert into product_barcodes (gtin14, product_id)
    values (${GTINS[0]!}, 1), (${GTINS[1]!}, 2), (${GTINS[2]!}, 2)
  `
})

const offer = (given: Partial<Offer> = {}): Offer => ({
  sourceId: crypto.randomUUID(),
  gtin: GTINS[0]!,
  ncm: "10063021",
  price: 2_799,
  discount: 0,
  distance: null,
  observedAt: noon,
  description: "ARROZ BCO 5KG",
  store: known,
  ...given,
})
const store = (...offers: Offer[]) => pool().begin((tx) => storePrices(offers, tx))
const stored = () => pool()`
  select source_id, observed_at, product_id, market_id, store_code, gtin14, price_cents, description
  from prices
  order by source_id
`
const refusal = (query: PromiseLike<unknown>) =>
  Promise.resolve(query).then(
    () => "taken",
    (error: postgres.PostgresError) => error.constraint_name,
  )

test("a price is of its barcode's product, in its store's market, to the millisecond and the cent", async () => {
  const observedAt = new Date(noon.getTime() + 123)
  const one = offer({ sourceId: "one", observedAt })
  const other = offer({ sourceId: "other", gtin: GTINS[2]!, price: 1, store: stranger })
  expect(await store(one, other)).toEqual({ registered: 2, ignored: 0 })
  expect(await stored()).toEqual([
    {
      sourceId: "one",
      observedAt,
      productId: 1,
      marketId,
      storeCode: "known",
      gtin14: GTINS[0],
      priceCents: 2_799,
      description: "ARROZ BCO 5KG",
    },
    {
      sourceId: "other",
      observedAt: noon,
      productId: 2,
      marketId: null,
      storeCode: "stranger",
      gtin14: GTINS[2],
      priceCents: 1,
      description: "ARROZ BCO 5KG",
    },
  ] as never)
})

test("what is stored already, comes twice, or is of nobody's barcode is ignored", async () => {
  const one = offer()
  expect(await store(one)).toEqual({ registered: 1, ignored: 0 })
  const twice = offer()
  const again = { ...twice, observedAt: new Date(noon.getTime() + DAY / 4), price: 1 }
  expect(await store(again, one, twice, offer({ gtin: "07891000100103" }))).toEqual({
    registered: 1,
    ignored: 3,
  })
  expect(await stored()).toHaveLength(2)
  expect(await store()).toEqual({ registered: 0, ignored: 0 })
})

test("a price of long ago is stored, though nobody has made its partition", async () => {
  const ages = [1, 40, 14 * 30.5, 6 * 365]
  const offers = ages.map((days) => offer({ observedAt: new Date(noon.getTime() - days * DAY) }))
  expect(await store(...offers)).toEqual({ registered: 4, ignored: 0 })
})

test("a price of the future is refused by name, and nothing is stored", async () => {
  const future = offer({ sourceId: "early", observedAt: new Date(Date.now() + 2 * DAY) })
  await expect(store(offer(), future)).rejects.toThrow("Price early is of")
  await expect(store(offer(), offer({ observedAt: new Date("1999-12-31") }))).rejects.toThrow(
    "prices_observed_at_check",
  )
  expect(await stored()).toHaveLength(0)
})

test("texts arrive as they were, but for what PostgreSQL and the rows have no place for", async () => {
  const description = "\\N \t\n \"aspas\" 'simples' {a,b} ção 🛒"
  const sourceId = "\0a\u001eb\u001f"
  await store(offer({ sourceId, description }), offer({ sourceId: "b", description: "" }))
  expect(await stored()).toMatchObject([
    { sourceId: "b", description: "" },
    { sourceId: "\ufffda\ufffdb\ufffd", description },
  ])
  expect(await store(offer({ sourceId, description }))).toEqual({ registered: 0, ignored: 1 })
})

test("whatever comes in whatever pieces and however often, each source id is stored once and the counts add up", async () => {
  const stores = [known, stranger, { ...stranger, code: "third" }]
  const drawn = fc.record({
    sourceId: fc.oneof(fc.uuid(), fc.string({ minLength: 1, unit: "binary" })),
    gtin: fc.constantFrom(...GTINS),
    ncm: fc.constant("10063021"),
    price: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    discount: fc.constant(0),
    distance: fc.constant(null),
    observedAt: fc.date({ min: new Date(noon.getTime() - 100 * DAY), max: noon, noInvalidDate: true }),
    description: fc.string({ unit: "binary" }),
    store: fc.constantFrom(...stores),
  })
  // A note's item has one time, and so has a source id.
  const offers = fc.uniqueArray(drawn, {
    minLength: 1,
    maxLength: 40,
    selector: ({ sourceId }) => rowId(sourceId),
  })
  const batches = offers.chain((all) =>
    fc.record({
      all: fc.constant(all),
      batches: fc
        .array(fc.array(fc.constantFrom(...all), { maxLength: 60 }), { maxLength: 5 })
        .map((some) => [...some, all]),
    }),
  )
  await fc.assert(
    fc.asyncProperty(batches, async ({ all, batches }) => {
      await pool()`truncate prices`
      let registered = 0
      for (const batch of batches) {
        const counts = await store(...batch)
        expect(counts.registered + counts.ignored).toBe(batch.length)
        registered += counts.registered
      }
      expect(registered).toBe(all.length)
      const rows = await stored()
      expect(
        rows.map((row) => [row.sourceId, row.observedAt.getTime(), row.priceCents, row.storeCode]).sort(),
      ).toEqual(
        all
          .map(({ sourceId, observedAt, price, store }) => [
            rowId(sourceId),
            observedAt.getTime(),
            price,
            store.code,
          ])
          .sort() as never,
      )
      for (const row of rows) expect(row.marketId).toBe(row.storeCode === "known" ? marketId : null)
    }),
    { numRuns: 60 },
  )
})

/** A source id as it is stored. */
const rowId = (sourceId: string) =>
  [...sourceId.toWellFormed()]
    .map((letter) => ("\0\u001e\u001f".includes(letter) ? "\ufffd" : letter))
    .join("")

test("sessions that store the same prices at a time, months without partitions included, store each once", async () => {
  const offers = Array.from({ length: 300 }, (_, index) =>
    offer({
      sourceId: `shared-${index}`,
      observedAt: new Date(Date.UTC(2017, index % 12, 1 + (index % 28))),
      store: { ...(index % 3 ? stranger : known), code: `store-${index % 50}` },
    }),
  )
  const counts = await Promise.all(
    Array.from({ length: 6 }, (_, session) =>
      store(...(session % 2 ? offers.toReversed() : offers).slice(session * 20)),
    ),
  )
  expect(counts.reduce((sum, { registered }) => sum + registered, 0)).toBe(300)
  expect(await stored()).toHaveLength(300)
})

describe("when it is said by hand which market a store is", () => {
  test("the prices it had without one are that market's", async () => {
    await store(
      offer({ store: stranger }),
      offer({ store: stranger, observedAt: new Date(noon.getTime() - 400 * DAY) }),
    )
    await assignStore("stranger", marketId)
    expect((await stored()).map((row) => row.marketId)).toEqual([marketId, marketId])
  })

  test("the prices it had in another go with it", async () => {
    const other = await addMarket({ number: "1" })
    await store(offer(), offer({ store: stranger }))
    await assignStore("known", other)
    expect((await stored()).map((row) => [row.storeCode, row.marketId]).sort()).toEqual([
      ["known", other],
      ["stranger", null],
    ] as never)
  })
})

test("the prices of a barcode go with it to another product", async () => {
  await store(offer())
  await pool()`update product_barcodes set product_id = 2 where gtin14 = ${GTINS[0]!}`
  expect(await stored()).toMatchObject([{ productId: 2 }])
})

test("the latest price of a product in each market is found", async () => {
  const other = await addMarket({ number: "1" })
  const at = (days: number, price: number, given: Partial<Offer> = {}) =>
    offer({ observedAt: new Date(noon.getTime() - days * DAY), price, ...given })
  await store(
    at(40, 100),
    at(2, 200),
    at(3, 300),
    at(1, 400, { store: stranger }),
    at(0, 500, { gtin: GTINS[1]! }),
    at(50, 600, { store: { ...known, code: "other", number: "1" } }),
  )
  const since = new Date(noon.getTime() - 60 * DAY)
  expect(await latestPrices(1, since)).toMatchObject([
    { marketId, priceCents: 200, storeCode: "known" },
    { marketId: other, priceCents: 600, storeCode: "other" },
  ])
  expect(await latestPrices(1, new Date(noon.getTime() - 45 * DAY))).toMatchObject([
    { marketId, priceCents: 200 },
  ])
})

test("the schema holds a price to its store's market, its barcode's product and more than nothing", async () => {
  await store(offer())
  const other = await addMarket({ number: "1" })
  const sql = pool()
  expect(await refusal(sql`update prices set market_id = ${other}`)).toContain("store_code_market_id")
  expect(await refusal(sql`update prices set product_id = 2`)).toContain("gtin14_product_id")
  expect(await refusal(sql`update prices set price_cents = 0`)).toBe("prices_price_cents_check")
  expect(await refusal(sql`delete from markets`)).toBe("market_stores_market_id_fkey")
  for (const gtin14 of ["7899101001176", "07899101001177", "00000000000000", "0789910100117a"])
    expect(await refusal(sql`insert into product_barcodes (gtin14, product_id) values (${gtin14}, 1)`)).toBe(
      "product_barcodes_gtin14_check",
    )
})
