import type { Period } from "../../lib/reports/period.ts"
import { inBatches } from "../batches.ts"
import type { Db } from "../pool.ts"

/** Which prices: those seen in the days of a period, by the clock of a zone. */
export interface PriceScope extends Period {
  zone: string
}

/** What a market asks, by its latest price of each product in the period. */
interface MarketBasket {
  market: string
  /** How many products it was seen to sell. */
  products: number
  /** How many of them it sells as cheaply as any. */
  cheapest: number
  /** Cents for the products that every market with at least half as many as the largest sells; null of the others. */
  basketCents: number | null
  /** What its products cost, in percent of what they cost on average where they are sold by several; null where none is. */
  index: number | null
}

export interface Baskets {
  /** Products in the basket that markets are compared by. */
  products: number
  /** The cheapest first. */
  markets: MarketBasket[]
}

export async function marketBaskets(scope: PriceScope, db: Db): Promise<Baskets> {
  const rows = await db<(MarketBasket & { basketProducts: number })[]>`
    with latest as ${latestPrices(scope, db)},
    offered as (
      select product_id, avg(price_cents) as average, min(price_cents) as lowest, count(*) as markets
      from latest
      group by product_id
    ),
    markets_seen as (select market_id, count(*) as products from latest group by market_id),
    compared as (select market_id from markets_seen where products * 2 >= (select max(products) from markets_seen)),
    basket as (
      select product_id
      from latest
      join compared using (market_id)
      group by product_id
      having count(*) = (select count(*) from compared)
    )
    select markets.name as market, count(*) as products,
      count(*) filter (where price_cents = lowest) as cheapest,
      (sum(price_cents) filter (where basket.product_id is not null and compared.market_id is not null))::int8 as basket_cents,
      (
        100 * sum(price_cents) filter (where offered.markets > 1) / sum(average) filter (where offered.markets > 1)
      )::float8 as index,
      (select count(*) from basket) as basket_products
    from latest
    join offered using (product_id)
    join markets on markets.id = latest.market_id
    left join compared using (market_id)
    left join basket using (product_id)
    group by markets.id
    order by index nulls last, markets.name
  `
  return {
    products: rows[0]?.basketProducts ?? 0,
    markets: rows.map(({ basketProducts: _, ...market }) => market),
  }
}

/** How the price of a product has moved. */
export interface PriceMovement {
  product: string
  lowestCents: number
  /** Where that was, the latest time: in a market, else in a store that is no market's, by the name that Nota Paraná has for it. */
  market: string | null
  /** The mean of all that were seen in the period, and in the one before; null when none was. */
  averageCents: number
  beforeCents: number | null
  /** Percent. */
  change: number | null
}

/** How many products have a price in the period. */
export async function countPriced(scope: PriceScope, db: Db): Promise<number> {
  const [{ count }] = await db<[{ count: number }]>`
    select count(distinct product_id) as count from ${pricesOf(scope, db)} as price
  `
  return count
}

/** Every product with a price in the period, by its name. */
export const priceMovements = (scope: PriceScope, before: Period, db: Db): AsyncIterable<PriceMovement[]> =>
  inBatches(
    db<PriceMovement[]>`
      with seen as (
        select product_id, avg(price_cents) as average, min(price_cents) as lowest
        from ${pricesOf(scope, db)} as price
        group by product_id
      ),
      seen_before as (
        select product_id, avg(price_cents) as average
        from ${pricesOf({ ...before, zone: scope.zone }, db)} as price
        group by product_id
      )
      select concat_ws(' ', products.name, products.brand, products.unit) as product, lowest as lowest_cents,
        (
          select coalesce(markets.name, unmatched_stores.store ->> 'name')
          from ${pricesOf(scope, db)} as price
          left join markets on markets.id = market_id
          left join unmatched_stores using (store_code)
          where price.product_id = seen.product_id and price_cents = lowest
          order by market_id is null, observed_at desc, markets.name
          limit 1
        ) as market,
        round(seen.average)::int8 as average_cents,
        round(seen_before.average)::int8 as before_cents,
        round(100 * (seen.average / seen_before.average - 1), 1)::float8 as change
      from seen
      join products on products.id = seen.product_id
      left join seen_before using (product_id)
      order by product, products.id
    `,
    db,
  )

const latestPrices = (scope: PriceScope, db: Db) => db`
  (
    select distinct on (product_id, market_id) product_id, market_id, price_cents
    from ${pricesOf(scope, db)} as price
    where market_id is not null
    order by product_id, market_id, observed_at desc, price_cents
  )
`

const pricesOf = ({ start, end, zone }: PriceScope, db: Db) => db`
  (
    select product_id, market_id, store_code, price_cents, observed_at
    from prices
    where observed_at >= ${start}::timestamp at time zone ${zone}
      and observed_at < (${end}::date + 1)::timestamp at time zone ${zone}
  )
`
