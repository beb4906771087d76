import { beforeAll, expect, test } from "bun:test"
import { dayIn } from "../../lib/days.ts"
import { type Period, periodBefore } from "../../lib/reports/period.ts"
import { collected } from "../../sandbox/demo/figures.ts"
import { seedPrices } from "../../sandbox/demo/prices.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { pool } from "../pool.ts"
import { emptyPrices } from "../testing.ts"
import { countPriced, marketBaskets, priceMovements } from "./prices.ts"

const ZONE = "America/Sao_Paulo"
const PRODUCTS = 30
const UNMATCHED = { name: "MERCADO SEM PAR" }

interface Seen {
  productId: number
  /** Null in a store that no market is known of. */
  marketId: number | null
  priceCents: number
  at: Date
}

let seen: Seen[]
let markets: Map<number, string>
let products: Map<number, string>

/** Five markets that sell much, one that sells little, a store without a market; prices that meet at the ends of days. */
beforeAll(async () => {
  await emptyPrices()
  await seedPrices(pool())
  const names = async (table: string) =>
    new Map(
      (await pool()<{ id: number; name: string }[]>`select id, name from ${pool()(table)}`).map(
        ({ id, name }) => [id, name],
      ),
    )
  // Some share their name.
  await pool()`update products set name = name || ' ' || id, brand = null, unit = null`
  markets = await names("markets")
  products = await names("products")
  const random = createRandom(7)
  seen = Array.from({ length: 1_500 }, (_, index) => {
    const productId = 1 + Math.floor(random() * PRODUCTS)
    const place = Math.floor(random() * 7)
    // Minutes around midnight, where a day begins in one zone and not in the other.
    const at = new Date(
      Date.UTC(2026, 0, Math.floor(random() * 70), 3, Math.floor(random() * 4) - 2, index % 60),
    )
    return {
      productId,
      marketId: place === 6 ? null : place + 1,
      priceCents: 500 + Math.floor(random() * 400),
      at,
    }
  }).filter(({ marketId, productId }) => marketId !== 6 || productId < 5)
  await pool().begin(async (tx) => {
    const months = ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"]
    await tx`select ensure_price_partitions(${months}::date[])`
    await tx`
      insert into market_stores (store_code, market_id, matched_by, store)
      select 'store-' || id, id, 'manual', '{}' from markets
    `
    await tx`insert into unmatched_stores ${tx([{ storeCode: "store-unknown", store: tx.json(UNMATCHED), candidates: tx.json([]) }])}`
    const barcodes = new Map(
      (
        await tx<{ productId: number; gtin14: string }[]>`select product_id, gtin14 from product_barcodes`
      ).map(({ productId, gtin14 }) => [productId, gtin14]),
    )
    await tx`
      insert into prices ${tx(
        seen.map(({ productId, marketId, priceCents, at }, index) => ({
          sourceId: `source-${index}`,
          observedAt: at,
          productId,
          marketId,
          storeCode: marketId === null ? "store-unknown" : `store-${marketId}`,
          gtin14: barcodes.get(productId)!,
          priceCents,
          description: "x",
        })),
      )}
    `
  })
})

const during = ({ start, end }: Period) =>
  seen.filter(({ at }) => {
    const day = dayIn(ZONE, at)
    return day >= start && day <= end
  })

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

function checkedBaskets(period: Period) {
  const latest = new Map<string, Seen>()
  for (const each of during(period).toSorted(
    (one, other) => one.at.getTime() - other.at.getTime() || other.priceCents - one.priceCents,
  ))
    if (each.marketId !== null) latest.set(`${each.productId} ${each.marketId}`, each)
  const inMarket = Map.groupBy(latest.values(), ({ marketId }) => marketId!)
  const ofProduct = Map.groupBy(latest.values(), ({ productId }) => productId)
  const most = Math.max(0, ...[...inMarket.values()].map(({ length }) => length))
  const compared = [...inMarket].filter(([, { length }]) => length * 2 >= most).map(([market]) => market)
  const basket = [...ofProduct]
    .filter(([, some]) => compared.every((market) => some.some(({ marketId }) => marketId === market)))
    .map(([product]) => product)
  return {
    products: basket.length,
    markets: [...inMarket]
      .map(([market, some]) => {
        const shared = some.filter(({ productId }) => ofProduct.get(productId)!.length > 1)
        const inBasket = some.filter(({ productId }) => basket.includes(productId))
        const averages = shared.map(({ productId }) =>
          mean(ofProduct.get(productId)!.map(({ priceCents }) => priceCents)),
        )
        return {
          market: markets.get(market)!,
          products: some.length,
          cheapest: some.filter(({ productId, priceCents }) =>
            ofProduct.get(productId)!.every((other) => other.priceCents >= priceCents),
          ).length,
          basketCents:
            compared.includes(market) && basket.length
              ? inBasket.reduce((sum, { priceCents }) => sum + priceCents, 0)
              : null,
          index: shared.length
            ? (100 * shared.reduce((sum, { priceCents }) => sum + priceCents, 0)) /
              averages.reduce((sum, each) => sum + each, 0)
            : null,
        }
      })
      .sort(
        (one, other) => (one.index ?? Number.POSITIVE_INFINITY) - (other.index ?? Number.POSITIVE_INFINITY),
      ),
  }
}

const periods: Period[] = [
  { start: "2026-02-01", end: "2026-02-28" },
  { start: "2026-01-01", end: "2026-01-31" },
  { start: "2026-01-26", end: "2026-02-01" },
  { start: "2026-02-10", end: "2026-02-10" },
  { start: "2025-12-31", end: "2026-03-10" },
]

test.each(periods)(
  "from $start to $end, baskets and movements are what the prices come to",
  async (period) => {
    await pool().begin(async (tx) => {
      const { products: inBasket, markets: told } = await marketBaskets({ ...period, zone: ZONE }, tx)
      const checked = checkedBaskets(period)
      expect(inBasket).toBe(checked.products)
      const rounded = (index: number | null) => index && Math.round(index * 1e6) / 1e6
      const plain = (markets: typeof told) => markets.map((each) => ({ ...each, index: rounded(each.index) }))
      expect(plain(told)).toEqual(plain(checked.markets))

      const movements = await collected(priceMovements({ ...period, zone: ZONE }, periodBefore(period), tx))
      expect(await countPriced({ ...period, zone: ZONE }, tx)).toBe(movements.length)
      const now = Map.groupBy(during(period), ({ productId }) => productId)
      const before = Map.groupBy(during(periodBefore(period)), ({ productId }) => productId)
      expect(movements.map(({ product }) => product).sort()).toEqual(
        [...now.keys()].map((id) => products.get(id)!).sort(),
      )
      for (const { product, ...movement } of movements) {
        const [id] = [...products].find(([, name]) => name === product)!
        const cents = now.get(id)!.map(({ priceCents }) => priceCents)
        const centsBefore = before.get(id)?.map(({ priceCents }) => priceCents)
        const lowest = Math.min(...cents)
        const places = now.get(id)!.filter((each) => each.priceCents === lowest && each.marketId !== null)
        const latest = places.toSorted((one, other) => other.at.getTime() - one.at.getTime())[0]
        expect(movement).toEqual({
          lowestCents: lowest,
          market: latest ? markets.get(latest.marketId!)! : UNMATCHED.name,
          averageCents: Math.round(mean(cents)),
          beforeCents: centsBefore ? Math.round(mean(centsBefore)) : null,
          change: centsBefore ? expect.closeTo(100 * (mean(cents) / mean(centsBefore) - 1), 1) : null,
        })
      }
    })
  },
)

test("what is compared is not trivial: there is a basket, one market outside it, and a product in a store that is no market's", async () => {
  const { products, markets } = checkedBaskets(periods[4]!)
  expect(products).toBe(PRODUCTS)
  expect(markets.filter(({ basketCents }) => basketCents === null)).toHaveLength(1)
  expect(seen.some(({ marketId }) => marketId === null)).toBe(true)
})

test("of a time without prices there is nothing to compare", async () => {
  const period = { start: "2020-01-01", end: "2020-01-31" }
  await pool().begin(async (tx) => {
    expect(await marketBaskets({ ...period, zone: ZONE }, tx)).toEqual({ products: 0, markets: [] })
    expect(await collected(priceMovements({ ...period, zone: ZONE }, periodBefore(period), tx))).toEqual([])
  })
})
