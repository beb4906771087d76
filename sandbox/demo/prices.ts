import type postgres from "postgres"
import { toGtin14 } from "../../lib/gtin.ts"
import { markets } from "../nota-parana/markets.ts"
import { products } from "../nota-parana/products.ts"

/** The markets and products that the simulator of Nota Paraná knows, once: where there are markets already, none are added. */
export async function seedPrices(sql: postgres.Sql) {
  await sql.begin(async (tx) => {
    await tx`lock table markets in share row exclusive mode`
    const [known] = await tx`select 1 from markets limit 1`
    if (known) return
    await tx`insert into markets ${tx(markets)}`
    for (const { name, brand, unit, gtin } of products)
      await tx`
        with product as (
          insert into products (name, brand, unit) values (${name}, ${brand}, ${unit}) returning id
        )
        insert into product_barcodes (gtin14, product_id)
        select ${toGtin14(gtin)!}, id from product
      `
  })
}
