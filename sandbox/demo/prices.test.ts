import { expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { seedPrices } from "./prices.ts"

test("the demo has six markets and 120 products, however often it is seeded", async () => {
  await pool()`truncate markets, products cascade`
  await Promise.all([seedPrices(pool()), seedPrices(pool())])
  await seedPrices(pool())
  const [counts] = await pool()`
    select
      (select count(*) from markets where city = 'Maringá' and latitude is not null) as markets,
      (select count(*) from products where unit is not null) as products,
      (select count(distinct product_id) from product_barcodes) as barcodes
  `
  expect(counts).toEqual({ markets: 6, products: 120, barcodes: 120 } as never)
})
