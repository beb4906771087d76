import { beforeEach, expect, test } from "bun:test"
import { activeMarkets } from "./markets.ts"
import { pool } from "./pool.ts"
import { type Asked, failedProducts, noteAsked } from "./price-sync-products.ts"
import { beginSync, endSync, findSync, listSyncs, setStage } from "./price-syncs.ts"
import { productsToAsk } from "./products.ts"
import { emptyPrices } from "./testing.ts"

const market = { street: "Avenida Brasil", city: "Maringá", uf: "PR" }

beforeEach(async () => {
  const sql = pool()
  await emptyPrices()
  await sql`insert into markets ${sql([
    { ...market, name: "Um", latitude: -23.4, longitude: -51.9, active: true },
    { ...market, name: "Dois", latitude: null, longitude: null, active: true },
    { ...market, name: "Fechado", latitude: null, longitude: null, active: false },
  ])}`
  await sql`
    insert into products (name, active)
    values ('Arroz', true), ('Feijão', true), ('Sal', true), ('Sem código', true), ('Fora de linha', false)
  `
  await sql`
    insert into product_barcodes (gtin14, product_id, created_at)
    values ('07899101001176', 1, now()), ('07899101001343', 1, now() - interval '1 day'), ('00000078912939', 2, now()),
      ('07891000100103', 3, now()), ('00036000291452', 5, now())
  `
})

const begin = (runId = crypto.randomUUID() as string, marketId: number | null = null) =>
  beginSync(runId, { marketId })
const note = (syncId: number, ...asked: Asked[]) => noteAsked(syncId, asked, pool())
const left = async (syncId: number) => (await productsToAsk(syncId)).map(({ id }) => id)

test("a sync begins with what there is to ask for", async () => {
  const sync = await begin("run-1")
  expect(sync).toEqual({
    id: 1,
    runId: "run-1",
    marketId: null,
    status: "running",
    stage: "starting",
    markets: 2,
    products: 3,
    asked: 0,
    found: 0,
    notFound: 0,
    failed: 0,
    registered: 0,
    ignored: 0,
    error: null,
    startedAt: expect.any(Date),
    finishedAt: null,
  })
  expect((await productsToAsk(sync.id))[0]).toEqual({
    id: 1,
    name: "Arroz",
    gtins: ["07899101001343", "07899101001176"],
  })
  expect(await left(sync.id)).toEqual([1, 2, 3])
  expect(await activeMarkets()).toEqual([
    { id: 1, name: "Um", city: "Maringá", uf: "PR", latitude: -23.4, longitude: -51.9 },
    { id: 2, name: "Dois", city: "Maringá", uf: "PR", latitude: null, longitude: null },
  ])
})

test("a sync of one market is of that one, if it is active", async () => {
  expect(await begin(undefined, 2)).toMatchObject({ marketId: 2, markets: 1 })
  expect(await begin(undefined, 3)).toMatchObject({ marketId: 3, markets: 0 })
  expect(await activeMarkets(2)).toMatchObject([{ id: 2 }])
  expect(await activeMarkets(3)).toEqual([])
})

test("a sync that is taken up again asks for what is left and what has failed, and counts each product once", async () => {
  const { id } = await begin("run-1")
  await note(id, { productId: 2, outcome: "not-found" }, { productId: 3, outcome: "failed", error: "503" })
  await note(id, { productId: 1, outcome: "found", registered: 7, ignored: 3 })
  expect(await findSync("run-1")).toMatchObject({
    asked: 3,
    found: 1,
    notFound: 1,
    failed: 1,
    registered: 7,
    ignored: 3,
  })
  expect(await failedProducts([id])).toEqual([{ syncId: id, productId: 3, name: "Sal", error: "503" }])
  await endSync(id, "failed", "Nota Paraná does not answer")
  expect(await findSync("run-1")).toMatchObject({ status: "failed", error: "Nota Paraná does not answer" })

  expect(await begin("run-1")).toMatchObject({
    id,
    status: "running",
    error: null,
    finishedAt: null,
    asked: 3,
  })
  expect(await left(id)).toEqual([3])
  await note(id, { productId: 3, outcome: "found", registered: 2, ignored: 0 })
  expect(await left(id)).toEqual([])
  expect(await failedProducts([id])).toEqual([])
  await setStage(id, "importing")
  await endSync(id, "completed")
  expect(await findSync("run-1")).toMatchObject({
    status: "completed",
    stage: "importing",
    asked: 3,
    found: 2,
    failed: 0,
    registered: 9,
    finishedAt: expect.any(Date),
  })
})

test("what is noted in a transaction that is undone is asked for again", async () => {
  const { id } = await begin()
  const undone = pool().begin(async (tx) => {
    await noteAsked(id, [{ productId: 1, outcome: "found", registered: 1, ignored: 0 }], tx)
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
  expect(await left(id)).toEqual([1, 2, 3])
})

test("a budget that does not reach for every product reaches for each in turn", async () => {
  const asked: number[] = []
  for (let day = 0; day < 6; day += 1) {
    const { id } = await begin()
    const [product] = await productsToAsk(id)
    asked.push(product!.id)
    await note(id, { productId: product!.id, outcome: "not-found" })
  }
  expect(asked).toEqual([1, 2, 3, 1, 2, 3])
})

test("the first end stands, and a sync that stopped short says why", async () => {
  const { id } = await begin("run-1")
  await expect(endSync(id, "degraded")).rejects.toThrow("price_syncs_check")
  await endSync(id, "cancelled")
  await endSync(id, "completed")
  expect(await findSync("run-1")).toMatchObject({ status: "cancelled" })
  expect(await findSync("run-2")).toBeUndefined()
})

test("syncs are listed from the latest on, page by page", async () => {
  for (const runId of ["a", "b", "c"]) await begin(runId)
  const page = await listSyncs(2)
  expect(page.map(({ runId }) => runId)).toEqual(["c", "b"])
  expect((await listSyncs(2, page.at(-1)!.id)).map(({ runId }) => runId)).toEqual(["a"])
})
