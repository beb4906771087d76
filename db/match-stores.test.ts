import { beforeEach, describe, expect, test } from "bun:test"
import { toGeohash } from "../lib/geohash.ts"
import type { Store } from "../lib/offer.ts"
import { labelledMarkets, labelledStores } from "../sandbox/markets/labelled.ts"
import { markets as demoMarkets } from "../sandbox/nota-parana/markets.ts"
import { stores as demoStores } from "../sandbox/nota-parana/stores.ts"
import { assignStore } from "./market-stores.ts"
import { matchStores } from "./match-stores.ts"
import { pool } from "./pool.ts"
import { emptyPrices } from "./testing.ts"
import { addMarket, corner, till } from "./testing-markets.ts"
import { listUnmatched } from "./unmatched-stores.ts"

beforeEach(async () => {
  await emptyPrices()
})

const matched = async () =>
  await pool()<
    { storeCode: string; marketId: number; matchedBy: string; score: number | null; store: Store }[]
  >`
    select store_code, market_id, matched_by, score, store from market_stores order by store_code
  `
const match = (...stores: Store[]) => matchStores(stores, pool())

test("of 160 stores that people have looked at, none is taken for another, and 19 of 20 are recognised", async () => {
  const keys = new Map<number, string>()
  for (const { key, row } of labelledMarkets()) {
    const [market] = await pool()<[{ id: number }]>`insert into markets ${pool()(row)} returning id`
    keys.set(market.id, key)
  }
  const labelled = labelledStores()
  await match(...labelled.map(({ store }) => store))

  const found = new Map((await matched()).map(({ storeCode, marketId }) => [storeCode, keys.get(marketId)]))
  const wrong = labelled.filter(({ store, market }) => (found.get(store.code) ?? market) !== market)
  expect(wrong.map(({ store, market }) => ({ ...store, market, found: found.get(store.code) }))).toEqual([])
  const known = labelled.filter(({ market }) => market)
  expect(labelled.length).toBe(160)
  expect(known.length).toBe(93)
  expect(found.size / known.length).toBeGreaterThanOrEqual(0.95)

  const unmatched = await listUnmatched(1_000)
  expect(unmatched.length + found.size).toBe(labelled.length)
  // Whose market was not sure is among the candidates, mostly at their top.
  const missed = unmatched.filter(({ store }) =>
    labelled.some((one) => one.store.code === store.code && one.market),
  )
  for (const { store, candidates } of missed) {
    const { market } = labelled.find((one) => one.store.code === store.code)!
    expect(candidates.map(({ marketId }) => keys.get(marketId))).toContain(market!)
  }
})

test("the demo's markets are recognised in what the simulator writes of them, and nobody else is taken for one", async () => {
  for (const market of demoMarkets) await addMarket(market)
  await match(
    ...demoStores.map(({ code, geohash, establishment: it }) => ({
      code,
      name: it.nm_fan || it.nm_emp!,
      legalName: it.nm_emp!,
      street: `${it.tp_logr} ${it.nm_logr}`,
      number: it.nr_logr!,
      district: it.bairro!,
      city: it.mun!,
      uf: it.uf!,
      geohash,
    })),
  )
  const expected = demoMarkets.map((_, index) => ({
    storeCode: demoStores[index]!.code,
    marketId: index + 1,
  }))
  const found = (await matched()).map(({ storeCode, marketId }) => ({ storeCode, marketId }))
  expect(found.toSorted((one, other) => one.marketId - other.marketId)).toEqual(expected)
})

test("a match is kept with its score and the store as it called itself", async () => {
  const marketId = await addMarket()
  await match(till)
  expect(await matched()).toEqual([
    { storeCode: "till", marketId, matchedBy: "auto", score: 1, store: till },
  ] as never)
})

describe("a store without a market", () => {
  test("is kept with the markets it comes nearest to, best first", async () => {
    const near = await addMarket({ name: "Mercado Bom Amigo", legalName: "Nogueira Ltda" })
    const nearer = await addMarket({ number: "700" })
    await match({ ...till, name: "BOM VISINHO", legalName: "" })
    expect(await matched()).toEqual([] as never)
    const [unmatched] = await listUnmatched(10)
    expect(unmatched!.store.name).toBe("BOM VISINHO")
    expect(unmatched!.candidates.map(({ marketId }) => marketId)).toEqual([nearer, near])
    for (const { score } of unmatched!.candidates) expect(score).toBeWithin(0.3, 0.75)
  })

  test("is counted once an hour", async () => {
    await match(till)
    await match(till)
    expect(await listUnmatched(10)).toMatchObject([{ timesSeen: 1, candidates: [] }])
    await pool()`update unmatched_stores set last_seen_at = now() - interval '61 minutes'`
    await match({ ...till, name: "ANOTHER NAME" })
    expect(await listUnmatched(10)).toMatchObject([{ timesSeen: 2, store: { name: "ANOTHER NAME" } }])
  })

  test("is matched as soon as there is its market", async () => {
    await match(till)
    const marketId = await addMarket()
    await match(till)
    expect(await matched()).toMatchObject([{ storeCode: "till", marketId }])
    expect(await listUnmatched(10)).toEqual([])
  })
})

test("a market that two rows describe takes no store until one of them is gone", async () => {
  const marketId = await addMarket()
  const again = await addMarket({ name: "Bom Vizinho Mercado" })
  await match(till)
  expect(await matched()).toEqual([] as never)
  await pool()`delete from markets where id = ${again}`
  await match(till)
  expect(await matched()).toMatchObject([{ marketId }])
})

test("a market that is not active takes no store", async () => {
  await addMarket({ active: false })
  await match(till)
  expect(await matched()).toEqual([] as never)
})

test("a store far from where its address says is not matched", async () => {
  await addMarket()
  await match({ ...till, geohash: toGeohash({ ...corner, latitude: corner.latitude + 0.02 }, 11) })
  expect(await matched()).toEqual([] as never)
})

describe("what a store is, said by hand", () => {
  test("holds against what is thought of it", async () => {
    const thought = await addMarket()
    const right = await addMarket({ street: "Rua Santos Dumont", number: "10" })
    await match(till)
    expect(await matched()).toMatchObject([{ marketId: thought, matchedBy: "auto" }])
    await assignStore("till", right)
    await match(till)
    expect(await matched()).toMatchObject([{ marketId: right, matchedBy: "manual", score: null }])
  })

  test("takes it off the list of those without a market", async () => {
    await match(till)
    const marketId = await addMarket({ street: "Rua Santos Dumont" })
    await assignStore("till", marketId)
    expect(await matched()).toMatchObject([{ marketId, matchedBy: "manual", store: till }])
    expect(await listUnmatched(10)).toEqual([])
  })

  test("needs a store that has been seen, and a market that is there", async () => {
    const marketId = await addMarket()
    await expect(assignStore("nobody", marketId)).rejects.toThrow('No store "nobody" has been seen')
    await match(till)
    await expect(assignStore("till", marketId + 1)).rejects.toThrow("market_stores_market_id_fkey")
  })
})

test("stores given twice, in hostile letters, and without anything are no trouble", async () => {
  const empty = {
    ...till,
    code: "empty",
    name: "",
    legalName: "",
    street: "",
    number: "",
    city: "",
    geohash: null,
  }
  const hostile = {
    ...till,
    code: "\0a\u001e\u001f'\\",
    name: "\0\ud800''\"\\u0000",
    number: "999999999999 99999",
  }
  await match(till, till, empty, empty, hostile, { ...till, code: "b", geohash: "not a geohash" })
  expect((await listUnmatched(10)).length).toBe(4)
})

test("two sessions that see the same stores at a time agree", async () => {
  const marketId = await addMarket()
  const seen = Array.from({ length: 200 }, (_, index) => ({
    ...till,
    code: `till-${index}`,
    ...(index % 2 ? {} : { city: "SARANDI" }),
  }))
  const sessions = Array.from({ length: 4 }, (_, index) =>
    pool().begin((tx) => matchStores(index % 2 ? seen : seen.toReversed(), tx)),
  )
  await Promise.all(sessions)
  expect((await matched()).filter((match) => match.marketId === marketId)).toHaveLength(100)
  expect(await listUnmatched(1_000)).toHaveLength(100)
})
