import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { pool } from "../../db/pool.ts"
import { findSync } from "../../db/price-syncs.ts"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { queueOf } from "../../lib/queues.ts"
import { products } from "../../sandbox/nota-parana/products.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"
import { createLedger } from "../../worker/ledger/ledger.ts"
import { falsePrices, keepProducts, seedSync, storedPrices } from "../../worker/price-sync/testing.ts"
import { enqueued, tick } from "../../worker/testing.ts"
import { startWorkers } from "../../worker/workers.ts"

const authorization = "Bearer est_a_key_for_the_tests"

describe.each(Object.keys(runtimes) as Runtime[])("the routes of price syncs, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  beforeEach(async () => {
    await seedSync()
    await keepProducts(5)
    await pool()`truncate runs`
  })
  afterEach(async () => {
    await queueOf(priceSync).obliterate({ force: true })
    expect(await falsePrices()).toEqual([])
  })
  afterAll(() => api.stop())

  const call = async (method: string, path: string, body?: unknown, base = api.url) => {
    const response = await fetchDescribed(`${base}/api/admin/sync-precos${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const get = (path: string) => call("GET", path)
  const post = (path: string, body?: unknown) => call("POST", path, body)
  const start = async (body?: unknown) => String((await post("/start", body)).body.jobId)

  test("start one with the specification's words, with nothing said or with what it takes", async () => {
    expect(await post("/start")).toEqual({
      status: 200,
      body: { message: "Sincronização iniciada.", jobId: expect.any(String), status: "enqueued" },
    })
    await start({ marketId: 2, forceUpdate: true, productIds: [1], geohash: "6gg4dpecb", radiusKm: 5 })
    expect(await enqueued("price-sync")).toMatchObject([
      { name: "start-full-sync", payload: { forceUpdate: false } },
      { payload: { marketId: 2, forceUpdate: true, productIds: [1], geohash: "6gg4dpecb", radiusKm: 5 } },
    ])
    expect(await post("/start", { marketId: 0, geohash: "a", radius: 3 })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("marketId"), details: expect.any(Array) },
    })
  })

  test("tell the status of one before, and what came of it after", async () => {
    const jobId = await start()
    expect(await get(`/status/${jobId}`)).toEqual({
      status: 200,
      body: {
        jobId,
        status: "waiting",
        progress: 0,
        data: { forceUpdate: false },
        returnValue: null,
        failedReason: null,
        createdAt: expect.any(Number),
        processedOn: null,
        finishedOn: null,
        erros: [],
      },
    })
    world.notaParana.fail({ times: 1, mode: "error", gtin: products[1]!.gtin })
    await tick()
    const { length } = await storedPrices()
    expect(length).toBeGreaterThan(50)
    const { body } = await get(`/status/${jobId}`)
    expect(body).toMatchObject({
      jobId,
      status: "completed",
      progress: 100,
      returnValue: {
        status: "completed",
        mercadosProcessados: 6,
        produtosProcessados: 5,
        precosRegistrados: length,
        precosIgnorados: 0,
        produtosNaoEncontrados: 0,
        tempoTotalSegundos: expect.any(Number),
      },
      erros: [{ productId: 2, produto: products[1]!.name, erro: "Nota Paraná answered with HTTP 503" }],
    })
    expect(await get("/latest")).toEqual({
      status: 200,
      body: {
        jobId,
        marketId: null,
        status: "completed",
        stage: "completed",
        mercadosProcessados: 6,
        produtosTotal: 5,
        produtosProcessados: 5,
        precosRegistrados: length,
        precosIgnorados: 0,
        produtosNaoEncontrados: 0,
        tempoTotalSegundos: expect.any(Number),
        motivo: null,
        erros: body.erros,
        startedAt: expect.stringMatching(/Z$/),
        completedAt: expect.stringMatching(/Z$/),
      },
    })
  })

  test("tell of past ones, the latest first, page by page", async () => {
    expect(await get("/latest")).toEqual({
      status: 404,
      body: { error: "Nenhuma sincronização encontrada" },
    })
    expect(await get("/history")).toEqual({ status: 200, body: { history: [], next: null } })
    const ids: string[] = []
    for (const marketId of [1, 2, 3]) {
      ids.unshift(await start({ marketId, productIds: [1] }))
      await tick()
    }
    const page = await get("/history?limit=2")
    expect(page.body).toMatchObject({
      history: [
        { jobId: ids[0], marketId: 3 },
        { jobId: ids[1], marketId: 2 },
      ],
      next: 2,
    })
    expect((await get("/history?limit=2&before=2")).body).toMatchObject({
      history: [{ jobId: ids[2], marketId: 1, status: "completed" }],
      next: null,
    })
    expect((await get("/history?limit=0")).status).toBe(400)
  })

  test("cancel one at work within two seconds, and what it has stored stays", async () => {
    const hanging = world.notaParana.fail({ times: 5, mode: "hang", gtin: products[4]!.gtin })
    const workers = startWorkers()
    const jobId = await start()
    await hanging.met
    expect(await until(async () => (await findSync(jobId))?.found === 4, 10_000)).toBe(true)
    const at = performance.now()
    expect(await post(`/cancel/${jobId}`, { reason: "enough" })).toEqual({
      status: 200,
      body: { success: true, message: "Sincronização cancelada.", status: "cancelled", jobId },
    })
    expect(performance.now() - at).toBeLessThan(2_000)
    expect((await get(`/status/${jobId}`)).body).toMatchObject({ status: "cancelled" })
    expect((await get("/latest")).body).toMatchObject({
      jobId,
      status: "cancelled",
      produtosProcessados: 4,
      motivo: "Cancelled by admin: enough",
    })
    expect((await storedPrices()).length).toBeGreaterThan(50)
    await workers.stop(5)
    workers.disconnect()
  })

  test("tell how one has ended that nobody had when it was cancelled", async () => {
    // Put off, since Redis was away from its worker: it is under way, and waits.
    const jobId = await start()
    await pool()`insert into price_syncs (run_id, stage, markets, products) values (${jobId}, 'collecting', 6, 5)`
    const ledger = createLedger()
    const workers = startWorkers([], { observers: [ledger.observer] })
    ledger.startSweeping([priceSync], workers.connection)
    expect((await post(`/cancel/${jobId}`)).body).toMatchObject({ status: "cancelled" })
    ledger.sweepSoon()
    const ended = async () => (await get("/latest")).body.status === "cancelled"
    expect(await until(ended, 20_000)).toBe(true)
    await workers.stop(1)
    await ledger.close(5_000)
    workers.disconnect()
  })

  test("refuse to cancel one that has ended, and know none that is none", async () => {
    const jobId = await start({ productIds: [1] })
    await tick()
    const late = {
      status: 400,
      body: { error: "Apenas sincronizações pendentes ou em execução podem ser canceladas" },
    }
    expect(await post(`/cancel/${jobId}`)).toEqual(late)
    const unknown = { status: 404, body: { error: "Job não encontrado" } }
    expect(await post(`/cancel/${crypto.randomUUID()}`)).toEqual(unknown)
    expect(await get(`/status/${crypto.randomUUID()}`)).toEqual(unknown)
    expect(await get("/status/nothing")).toEqual(unknown)
  })

  test.each([
    ["POST", "/start"],
    ["GET", "/status/1"],
    ["POST", "/cancel/1"],
    ["GET", "/history"],
    ["GET", "/latest"],
  ])("%s %s needs a key, and stands in the reference", async (method, path) => {
    const response = await fetch(`${api.url}/api/admin/sync-precos${path}`, { method })
    expect([response.status, await response.json()]).toEqual([401, { error: "Unauthorized" }])
    const reference = await fetch(`${api.url}/openapi/json`, { headers: { authorization } })
    const { paths } = (await reference.json()) as { paths: Record<string, Record<string, unknown>> }
    const documented = paths[`/api/admin/sync-precos${path.replace("1", "{jobId}")}`]
    expect(documented?.[method.toLowerCase()]).toMatchObject({ tags: ["price-sync"] })
  })

  test("say so while PostgreSQL is away", async () => {
    const away = Object.assign(new URL(process.env.DATABASE_URL!), { port: String(await freePort()) })
    const other = await (await startService(runtimes[runtime], { DATABASE_URL: away.href })).up()
    for (const path of ["/history", "/latest"])
      expect(await call("GET", path, undefined, other.url)).toEqual({
        status: 503,
        body: { error: expect.stringContaining("PostgreSQL") },
      })
    await other.stop()
  })
})
