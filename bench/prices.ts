import { matchStores } from "../db/match-stores.ts"
import { closePool, pool } from "../db/pool.ts"
import { ensurePartitionsOf } from "../db/price-partitions.ts"
import { storePrices } from "../db/store-prices.ts"
import type { Offer } from "../lib/offer.ts"
import { interleaved, numbers, quantile, tell, verdict } from "./measure.ts"
import { drawGtins, drawMarkets, drawOffers, drawStores } from "./price-data.ts"
import { startRig } from "./rig.ts"
import { measureSyncs } from "./sync.ts"

// Prices stored, with all that comes with it, against a COPY of the same rows into the same table; stores matched; and syncs.
const {
  rows,
  batch,
  rounds,
  stores: many,
  latency,
} = numbers({ rows: 100_000, batch: 5_000, rounds: 5, stores: 10_000, latency: 200 })
const rig = await startRig()
Object.assign(process.env, rig.env)

const markets = drawMarkets(1_000)
const stores = drawStores(many, markets)
const gtins = drawGtins(1_000)
await seed()

const began = performance.now()
await pool().begin((tx) => matchStores(stores, tx))
const seconds = (performance.now() - began) / 1_000
const [{ right, wrong }] = await pool()<[{ right: number; wrong: number }]>`
  select
    count(*) filter (where market_id = split_part(store_code, '-', 2)::int + 1) as right,
    count(*) filter (where market_id <> split_part(store_code, '-', 2)::int + 1) as wrong
  from market_stores
`
console.log(`${many} stores, ${markets.length} markets: ${right} matched, ${wrong} of them with another`)
verdict("all stores matched", seconds, "<=", 5, " s")

const offers = drawOffers(rows, stores.slice(0, 2_000), gtins)
await ensurePartitionsOf(
  offers.map(({ observedAt }) => observedAt),
  pool(),
)
const copied = await asCopied(offers)

const { copy, ours } = await interleaved(rounds, {
  copy: () => emptied(copyPrices),
  ours: () => emptied(storeAll),
})
tell("COPY", copy, "rows/s")
tell("ours", ours, "rows/s")
verdict("time of ours / COPY", quantile(copy) / quantile(ours), "<=", 2)

const syncs = await measureSyncs(rounds, latency)
console.log(`syncs, each as many times their ideal: ${syncs.map((ratio) => ratio.toFixed(3)).join(" ")}`)
verdict("time of a sync / ideal", quantile(syncs), "<=", 1.1)

await closePool()
await rig.stop()

async function seed() {
  const sql = pool()
  await sql`insert into markets ${sql(markets)}`
  await sql`insert into products (name) select 'Product ' || n from generate_series(1, ${gtins.length}::int) as n`
  await sql`
    insert into product_barcodes (gtin14, product_id)
    select gtin14, place from unnest(${gtins}::text[]) with ordinality as each (gtin14, place)
  `
  await sql`analyze markets, products, product_barcodes`
}

/** Rows a second of something that fills the table. */
async function emptied(fill: () => Promise<void>) {
  await pool()`truncate prices`
  const began = performance.now()
  await fill()
  return rows / ((performance.now() - began) / 1_000)
}

async function storeAll() {
  for (let from = 0; from < rows; from += batch)
    await pool().begin((tx) => storePrices(offers.slice(from, from + batch), tx))
}

async function copyPrices() {
  await pool().begin(async (tx) => {
    const into = await tx`
      copy prices (source_id, observed_at, product_id, market_id, store_code, gtin14, price_cents, description) from stdin
    `.writable()
    await new Promise<void>((resolve, reject) => {
      into.on("error", reject).on("finish", resolve)
      for (const chunk of copied) into.write(chunk)
      into.end()
    })
  })
}

/** The rows in COPY's text form, in pieces of a megabyte or so. */
async function asCopied(offers: Offer[]) {
  const marketOf = new Map(
    (await pool()`select store_code, market_id from market_stores`).map(({ storeCode, marketId }) => [
      storeCode,
      marketId,
    ]),
  )
  const productOf = new Map(gtins.map((gtin14, index) => [gtin14, index + 1]))
  const lines = offers.map(({ sourceId, observedAt, gtin, store, price, description }) =>
    [
      sourceId,
      observedAt.toISOString(),
      productOf.get(gtin),
      marketOf.get(store.code) ?? "\\N",
      store.code,
      gtin,
      price,
      `${description}\n`,
    ].join("\t"),
  )
  const LINES = 8_000
  return Array.from({ length: Math.ceil(lines.length / LINES) }, (_, chunk) =>
    lines.slice(chunk * LINES, (chunk + 1) * LINES).join(""),
  )
}
