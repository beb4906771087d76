import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { toGtin14 } from "../../../lib/gtin.ts"
import type { Failure } from "../../../sandbox/nota-parana/failures.ts"
import { products } from "../../../sandbox/nota-parana/products.ts"
import { type NotaParanaSimulator, startNotaParana } from "../../../sandbox/nota-parana/simulator.ts"
import { stores } from "../../../sandbox/nota-parana/stores.ts"
import { ask, CENTRE } from "../../../sandbox/nota-parana/testing.ts"
import { createNotaParana, type Search } from "./client.ts"
import { BadAnswer, Blocked, NotaParanaError, Rejected, Unavailable } from "./errors.ts"
import type { RequestOptions } from "./request.ts"
import { GTIN, rawRow } from "./testing.ts"

const AT = Date.parse("2026-09-12T15:00:00Z")
const start = () => startNotaParana({ now: () => AT })
const { signal } = new AbortController()
const rice = products[0]!.gtin

const clientOf = ({ api }: { api: string }, options: Partial<RequestOptions> = {}) =>
  createNotaParana({
    baseUrl: api,
    userAgent: "Esteira (ana@example.com)",
    guest: (ask) => ask(),
    now: () => AT,
    ...options,
  })

const search = (
  simulator: NotaParanaSimulator,
  wanted: Partial<Search> = {},
  options: Partial<RequestOptions> = {},
) =>
  clientOf(simulator, options).searchProducts({
    gtin: rice,
    geohash: CENTRE,
    radiusKm: 20,
    signal,
    ...wanted,
  })

/** What a search comes to when Nota Paraná answers so. */
const answered = (body: string | null, init: ResponseInit = {}) =>
  clientOf({ api: "http://nota.invalid/api/v1" }, { fetch: async () => new Response(body, init) })
    .searchProducts({ gtin: GTIN, geohash: CENTRE, radiusKm: 20, signal, pages: 1 })
    .catch((error: unknown) => error)

test("asks as its other clients do, and says who is asking", async () => {
  await using simulator = start()
  await search(simulator, { gtin: rice.padStart(14, "0"), radiusKm: 7, days: 30 })
  expect(simulator.requests[0]).toMatchObject({
    path: "/api/v1/produtos",
    query: { local: CENTRE, termo: rice, gtin: rice, offset: "0", raio: "7", data: "30", ordem: "0" },
    userAgent: "Esteira (ana@example.com)",
  })
})

test("brings every offer of every product once, and no row of theirs is dropped", async () => {
  await using simulator = start()
  const codes = new Set(stores.map(({ code }) => code))
  let found = 0
  for (const { gtin } of products) {
    const { offers, dropped, incomplete } = await search(simulator, { gtin })
    found += offers.length
    expect({ dropped, incomplete }).toEqual({ dropped: {}, incomplete: undefined })
    expect(new Set(offers.map(({ sourceId }) => sourceId)).size).toBe(offers.length)
    for (const { gtin: of, store } of offers) {
      expect(of).toBe(toGtin14(gtin)!)
      expect(codes).toContain(store.code)
      expect(store.name).not.toBe("")
    }
  }
  expect(found).toBeGreaterThan(2_000)
  const asked = simulator.requests.map(({ query }) => `${query.gtin}/${query.offset}`)
  expect(new Set(asked).size).toBe(asked.length)
})

describe("turns the page", () => {
  /** What a search makes of a product whose first page is like this. */
  async function turned(isLike: (rows: number, total: number) => boolean, days = 60) {
    await using simulator = start()
    for (const { gtin } of products) {
      const first = await ask(simulator, { gtin, data: days })
      const { produtos, total } = (await first.json()) as { produtos: unknown[]; total: number }
      if (!isLike(produtos.length, total)) continue
      simulator.requests.splice(0)
      const { offers } = await search(simulator, { gtin, days })
      const offsets = simulator.requests.map(({ query }) => Number(query.offset))
      return { offers: offers.length, offsets, rows: produtos.length }
    }
    throw new Error("The simulator has no such product")
  }

  test("not when all sales are there", async () => {
    const { offers, offsets, rows } = await turned((rows, total) => rows > 1 && rows === total, 3)
    expect(offsets).toEqual([0])
    expect(offers).toBe(rows)
  })

  test("not when there is nothing", async () => {
    expect(await turned((rows) => rows === 0)).toMatchObject({ offsets: [0], offers: 0 })
  })

  test("until one brings nothing", async () => {
    const { offers, offsets, rows } = await turned((rows, total) => rows < 50 && total > 50)
    expect(offsets).toEqual([0, rows])
    expect(offers).toBe(rows)
  })

  test("until one brings nothing new", async () => {
    const { offers, offsets, rows } = await turned((rows, total) => rows > 1 && rows < total && total <= 50)
    expect(offsets).toEqual([0, rows])
    expect(offers).toBe(rows)
  })

  test("three times at most, and fewer when told to", async () => {
    await using simulator = start()
    const { gtin } = products.find(({ name }) => name === "Água de coco")!
    const all = await search(simulator, { gtin, pages: 9 })
    // Two rows of the first page come again on the second.
    expect([all.pages, all.offers.length]).toEqual([3, 50 + 48 + 50])
    expect(simulator.requests.map(({ query }) => query.offset)).toEqual(["0", "50", "100"])
    expect((await search(simulator, { gtin, pages: 1 })).offers).toHaveLength(50)
    expect(simulator.requests).toHaveLength(4)
  })
})

test("finds nothing of what Nota Paraná does not know", async () => {
  await using simulator = start()
  expect(await search(simulator, { gtin: "7891000100103" })).toEqual({ offers: [], dropped: {}, pages: 1 })
  expect(simulator.requests).toMatchObject([{ status: 204 }])
})

test("leaves out rows that make no sense, and counts them by why", async () => {
  await using simulator = start()
  simulator.fail({ times: 1, mode: "contradictory" })
  const { offers, dropped } = await search(simulator, { pages: 1 })
  const { contradictory = 0, ...others } = dropped
  expect(contradictory).toBeGreaterThan(1)
  expect(Object.keys(others).sort()).toEqual([
    "fabricated",
    "future",
    "malformed",
    "no-price",
    "other-product",
  ])
  expect(offers.length).toBeGreaterThan(1)
})

type Kind = abstract new (...details: never[]) => NotaParanaError

describe("throws", () => {
  const failures: [failure: Omit<Failure, "times">, error: Kind, message: string][] = [
    [{ mode: "error", status: 429 }, Blocked, "HTTP 429"],
    [{ mode: "error", status: 403 }, Blocked, "HTTP 403"],
    [{ mode: "error", status: 401 }, Blocked, "HTTP 401"],
    [{ mode: "error", status: 302, headers: { location: "/verifica" } }, Blocked, "sends us to /verifica"],
    [{ mode: "html" }, Blocked, "a page for people"],
    [{ mode: "poisoned" }, Blocked, "fabricated rows"],
    [{ mode: "error", status: 400 }, Rejected, "HTTP 400"],
    [{ mode: "error", status: 404 }, Rejected, "HTTP 404"],
    [{ mode: "error", status: 500 }, Unavailable, "HTTP 500"],
    [{ mode: "error", status: 503 }, Unavailable, "HTTP 503"],
    [{ mode: "truncated" }, Unavailable, "breaks off"],
    [{ mode: "reset" }, Unavailable, "cannot be reached"],
    [{ mode: "slow" }, Unavailable, "has not answered within 50 ms"],
    [{ mode: "hang" }, Unavailable, "has not answered within 50 ms"],
  ]

  test.each(failures)("on %j", async (failure, kind, message) => {
    await using simulator = start()
    simulator.fail({ times: 1, ...failure })
    const error = await search(
      simulator,
      {},
      failure.mode === "slow" || failure.mode === "hang" ? { timeout: 50 } : {},
    ).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(kind)
    expect((error as Error).message).toContain(message)
    expect(simulator.requests).toHaveLength(1)
  })

  test("when nobody is there", async () => {
    const simulator = start()
    await simulator.stop()
    await expect(search(simulator)).rejects.toBeInstanceOf(Unavailable)
  })

  test("behind the wall", async () => {
    await using simulator = start()
    simulator.wall(1)
    const { offers } = await search(simulator, { pages: 1 })
    expect(offers.length).toBeGreaterThan(0)
    await expect(search(simulator, { gtin: products[1]!.gtin })).rejects.toBeInstanceOf(Blocked)
    await expect(search(simulator, { gtin: "7891000100103" })).rejects.toBeInstanceOf(Blocked)
  })

  test.each([
    [{ gtin: "7891000100104" }, '"7891000100104" is no GTIN'],
    [{ geohash: "-23.42,-51.93" }, '"-23.42,-51.93" is no geohash'],
    [{ days: -1 }, "-1 is no number of days"],
  ])("on a search for %j, without asking", async (wanted, message) => {
    await using simulator = start()
    await expect(search(simulator, wanted)).rejects.toThrow(message)
    expect(simulator.requests).toEqual([])
  })

  test.each([
    ["{}", BadAnswer],
    ["[]", BadAnswer],
    ['"bloqueado"', BadAnswer],
    [JSON.stringify({ produtos: [{ id: "1" }, null], total: 2 }), BadAnswer],
    ["Request blocked", Blocked],
    ["", Unavailable],
    ['{"produtos": [', Unavailable],
    [" ".repeat(6 * 1024 * 1024), BadAnswer],
  ])("on the answer %# that is none", async (body, kind) => {
    expect(await answered(body)).toBeInstanceOf(kind)
  })

  test("with how long to wait, when it is told", async () => {
    const refused = (after: string) => answered(null, { status: 429, headers: { "retry-after": after } })
    expect(await refused("120")).toMatchObject({ retryAfter: 120_000 })
    const date = await refused(new Date(Date.now() + 3_600_000).toUTCString())
    expect((date as Blocked).retryAfter).toBeWithin(3_500_000, 3_600_001)
    expect(await refused("amanhã")).toMatchObject({ retryAfter: undefined })
    for (const endless of ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
      expect(await refused(endless)).toMatchObject({ retryAfter: 30 * 86_400_000 })
  })

  test("nothing but what it says, whatever is answered", async () => {
    const row = fc.oneof(
      fc.jsonValue(),
      fc
        .record({ id: fc.string(), ncm: fc.string(), gtin: fc.constantFrom(GTIN, "") })
        .map((fields) => rawRow(fields)),
    )
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ produtos: fc.array(row), total: fc.jsonValue() }).map((answer) => JSON.stringify(answer)),
    )
    await fc.assert(
      fc.asyncProperty(body, fc.integer({ min: 200, max: 599 }), async (body, status) => {
        const result = await answered([204, 205, 304].includes(status) ? null : body, { status })
        if (!(result instanceof NotaParanaError))
          expect(result).toMatchObject({ offers: expect.any(Array), pages: 1 })
      }),
      { numRuns: 300 },
    )
  })
})

test("takes a total that is none, as long as there are rows", async () => {
  const recent = { datahora: new Date(AT).toISOString() }
  expect(await answered(JSON.stringify({ produtos: [rawRow(recent)], total: "muitos" }))).toMatchObject({
    offers: [{ sourceId: "9f1c0a" }],
  })
})

describe("when a later page", () => {
  const long = { gtin: products.find(({ name }) => name === "Creme de leite")!.gtin }

  test("cannot be had, what came before it is returned, and why there is no more", async () => {
    await using simulator = start()
    simulator.fail({ times: 1, mode: "error", status: 503, offset: 1 })
    const { offers, pages, incomplete } = await search(simulator, long)
    expect(offers).toHaveLength(50)
    expect(pages).toBe(1)
    expect(incomplete).toBeInstanceOf(Unavailable)
  })

  test.each(["poisoned", "html"] as const)("is %s, nothing is returned of any", async (mode) => {
    await using simulator = start()
    simulator.fail({ times: 1, mode, offset: 1 })
    await expect(search(simulator, long)).rejects.toBeInstanceOf(Blocked)
    expect(simulator.requests).toHaveLength(2)
  })
})

describe("ends with the signal's reason", () => {
  test.each(["hang", "slow"] as const)("while the answer has to %s", async (mode) => {
    await using simulator = start()
    const stop = new AbortController()
    const { met } = simulator.fail({ times: 1, mode })
    const searching = search(simulator, { signal: stop.signal })
    await met
    stop.abort(new Error("enough"))
    await expect(searching).rejects.toThrow("enough")
  })

  test("without asking, when it has come before", async () => {
    await using simulator = start()
    await expect(search(simulator, { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
      "too late",
    )
    expect(simulator.requests).toEqual([])
  })
})
