import { beforeEach, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { emptyPrices } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { perform } from "../testing.ts"

const db = pool()

const clean = async (olderThan = 30, dryRun = false) => {
  const { items } = await perform("cleanup", { target: "old-data", olderThan, dryRun, orphans: "report" })
  return Object.fromEntries(items.map(({ what, ...item }) => [what, item]))
}

beforeEach(async () => {
  await emptyPrices()
  await emptyRentals()
  await db`truncate exports cascade`
})

async function hasSync(name: string, daysAgo: number, outcomes: Record<number, "found" | "failed">) {
  const [{ id }] = await db<[{ id: number }]>`
    insert into price_syncs (run_id, status, stage, markets, products, started_at, finished_at)
    values (${name}, 'completed', 'done', 1, 1, now() - ${daysAgo} * interval '1 day', now() - ${daysAgo} * interval '1 day')
    returning id
  `
  for (const [product, outcome] of Object.entries(outcomes))
    await db`
      insert into price_sync_products (sync_id, product_id, outcome, error, asked_at)
      values (${id}, ${product}, ${outcome}, ${outcome === "failed" ? "no luck" : null}, now() - ${daysAgo} * interval '1 day')
    `
}

test("deletes old syncs with what they asked for, but not when each product was asked for last", async () => {
  await db`insert into products (name) values ('Arroz'), ('Feijão')`
  await hasSync("first", 90, { 1: "found", 2: "failed" })
  await hasSync("second", 60, { 1: "found", 2: "found" })
  await hasSync("third", 40, { 1: "found" })
  await hasSync("young", 10, { 1: "failed" })
  const told = await clean(30, true)
  const done = await clean()
  expect(done.price_sync_products).toEqual({
    deleted: 3,
    kept: [{ count: 2, why: "when each product was asked for last tells which is next" }],
  })
  expect(done.price_sync_products).toEqual(told.price_sync_products!)
  expect(done.price_syncs).toEqual({ deleted: 1, kept: [{ count: 2, why: "named by price_sync_products" }] })
  const left = await db`
    select run_id, product_id, outcome
    from price_sync_products join price_syncs on id = sync_id
    order by run_id, product_id
  `
  expect(left.map(({ runId, productId }) => [runId, productId])).toEqual([
    ["second", 2],
    ["third", 1],
    ["young", 1],
  ])
})

test("never ends what is under way, nor deletes prices, products and markets", async () => {
  await db`insert into products (name) values ('Arroz')`
  await db`
    insert into price_syncs (run_id, status, stage, markets, products, started_at)
    values ('running', 'running', 'asking', 1, 1, now() - interval '1 year')
  `
  await db`
    insert into price_sync_claims (product_id, places, run_id, claimed_until)
    values (1, 'old', 'x', now() - interval '2 months'), (1, 'held', 'x', now() + interval '1 minute')
  `
  await clean(1)
  expect(await db`select run_id from price_syncs`).toMatchObject([{ runId: "running" }])
  expect(await db`select places from price_sync_claims`).toMatchObject([{ places: "held" }])
  expect(await db`select id from products`).toHaveLength(1)
})

test("deletes people who showed interest two years ago, unless there was contact since or they have asked of themselves", async () => {
  const { agencyId } = await letHome()
  const hasLead = async (name: string, yearsAgo: number, contactedYearsAgo: number | null = null) => {
    const [{ id }] = await db<[{ id: number }]>`
      insert into leads (agency_id, name, source, interest, created_at, contacted_at)
      values (
        ${agencyId}, ${name}, 'site', 'aluguel', now() - ${yearsAgo} * interval '1 year',
        now() - ${contactedYearsAgo}::float8 * interval '1 year'
      )
      returning id
    `
    return id
  }
  await hasLead("long gone", 3)
  await hasLead("contacted long ago", 4, 2.5)
  await hasLead("this year", 1)
  await hasLead("contacted since", 3, 1)
  const asking = await hasLead("asking", 3)
  await db`
    insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at)
    values ('request', 'subject', 'lead', ${asking}, 'ana@example.com', 'zip', now(), now() + interval '15 days')
  `
  const { leads } = await clean(1)
  expect(leads).toEqual({
    deleted: 2,
    kept: [
      { count: 1, why: "kept for two years after the last contact" },
      { count: 1, why: "there was contact within two years" },
      { count: 1, why: "a request of theirs is not answered yet" },
    ],
  })
  const left = await db<{ name: string }[]>`select name from leads order by name`
  expect(left.map(({ name }) => name)).toEqual(["asking", "contacted since", "this year"])
})

test("deletes what renters were told of payments five years ago", async () => {
  const { agencyId, contractId, paymentIds } = await letHome({ months: 3 })
  for (const [at, interval] of ["5 years 2 days", "4 years 360 days", "1 hour"].entries())
    await db`
      insert into payment_reminders (
        agency_id, contract_id, payment_id, type, days, local_date, days_overdue, principal_cents, late_fee_cents, interest_cents,
        locale, channels, is_agency_told, run_id, created_at
      )
      values (
        ${agencyId}, ${contractId}, ${paymentIds[at]!}, 'upcoming', 3, '2026-02-07', -3, 155000, 0, 0, 'pt-BR', '{email}', false,
        ${interval}, now() - ${interval}::interval
      )
    `
  const { payment_reminders } = await clean(1)
  const why = "what proves that renters were told is kept for five years"
  expect(payment_reminders).toEqual({ deleted: 1, kept: [{ count: 1, why }] })
  expect((await db`select run_id from payment_reminders order by id`).map(({ runId }) => runId)).toEqual([
    "4 years 360 days",
    "1 hour",
  ])
})

test("keeps a row that a row of any other table names, also of a table it knows nothing of", async () => {
  await db`create table notes (store text references unmatched_stores (store_code) on delete cascade)`
  try {
    await db`
      insert into unmatched_stores (store_code, store, candidates, last_seen_at)
      select code, '{}', '[]', now() - interval '1 year' from unnest(array['named', 'unnamed']) as code
    `
    await db`insert into notes values ('named')`
    const { unmatched_stores } = await clean()
    expect(unmatched_stores).toEqual({ deleted: 1, kept: [{ count: 1, why: "named by notes" }] })
    expect(await db`select store from notes`).toHaveLength(1)
  } finally {
    await db`drop table notes`
  }
})
