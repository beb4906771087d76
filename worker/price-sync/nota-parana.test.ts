import { afterEach, beforeEach, expect, test } from "bun:test"
import { ConfigurationError } from "../../lib/errors.ts"
import { queueClient } from "../../lib/queues.ts"
import { products } from "../../sandbox/nota-parana/products.ts"
import { type NotaParanaSimulator, startNotaParana } from "../../sandbox/nota-parana/simulator.ts"
import { CENTRE } from "../../sandbox/nota-parana/testing.ts"
import { notaParanaEnv } from "./env.ts"
import { forgetGuest } from "./guest/testing.ts"
import { Blocked, BudgetSpent, CircuitOpen } from "./nota-parana/errors.ts"
import { openNotaParana } from "./nota-parana.ts"

const { signal } = new AbortController()
const before = { ...process.env }
let simulator: NotaParanaSimulator

beforeEach(async () => {
  await forgetGuest()
  simulator = startNotaParana({ latency: 5 })
})
afterEach(async () => {
  await simulator.stop()
  for (const name of Object.keys(process.env)) if (name.startsWith("NOTA_PARANA_")) delete process.env[name]
  Object.assign(process.env, before)
})

/** Nota Paraná as a process of this configuration has it. */
function open(env: Record<string, string> = {}) {
  Object.assign(process.env, { NOTA_PARANA_URL: simulator.api, NOTA_PARANA_PAUSE: "1", ...env })
  const { searchProducts, ...guest } = openNotaParana(queueClient())
  const search = ({ gtin }: { gtin: string }) =>
    searchProducts({ gtin, geohash: CENTRE, radiusKm: 20, signal })
  return {
    ...guest,
    search,
    searchAll: (count: number) => Promise.allSettled(products.slice(0, count).map(search)),
  }
}

const reasons = (searches: PromiseSettledResult<unknown>[]) =>
  searches.flatMap((search) => (search.status === "rejected" ? [search.reason] : []))

test("asks no product twice, two at a time, and counts each page", async () => {
  const { searchAll, budget } = open({ NOTA_PARANA_DAILY_BUDGET: "500" })
  expect(reasons(await searchAll(40))).toEqual([])
  const pages = simulator.requests.map(({ query }) => `${query.gtin}/${query.offset}`)
  expect(new Set(pages).size).toBe(pages.length)
  expect(new Set(simulator.requests.map(({ query }) => query.gtin)).size).toBe(40)
  expect(Math.max(...simulator.requests.map(({ atOnce }) => atOnce))).toBe(2)
  expect(new Set(simulator.requests.map(({ userAgent }) => userAgent))).toEqual(
    new Set(["Esteira price-sync"]),
  )
  expect(await budget.look()).toEqual({ limit: 500, used: pages.length })
})

test("ends with the budget, and keeps what it had until then", async () => {
  const { searchAll, budget } = open({ NOTA_PARANA_DAILY_BUDGET: "21" })
  const searches = await searchAll(40)
  expect(simulator.requests).toHaveLength(21)
  for (const reason of reasons(searches)) expect(reason).toBeInstanceOf(BudgetSpent)
  const found = searches.flatMap((search) => (search.status === "fulfilled" ? [search.value] : []))
  expect(found.length).toBeGreaterThan(8)
  // A search that was cut short by the budget has the offers of the pages that were paid for.
  for (const { incomplete, offers } of found.filter(({ incomplete }) => incomplete)) {
    expect(incomplete).toBeInstanceOf(BudgetSpent)
    expect(offers.length).toBeGreaterThan(0)
  }
  expect(await budget.look()).toEqual({ limit: 21, used: 21 })
  await expect(open({ NOTA_PARANA_DAILY_BUDGET: "21" }).search(products[50]!)).rejects.toBeInstanceOf(
    BudgetSpent,
  )
})

test("stops at the first fabricated page, with what was under way beside it, and so does every other process", async () => {
  simulator.wall(10)
  const { searchAll, breaker } = open()
  const searches = await searchAll(60)
  expect(simulator.requests.filter(({ answer }) => answer === "wall").length).toBeWithin(1, 3)
  const errors = reasons(searches)
  expect(errors.filter((error) => error instanceof Blocked).length).toBeWithin(1, 3)
  for (const error of errors) expect([Blocked, CircuitOpen]).toContain(error.constructor)
  expect(await breaker.look()).toMatchObject({ why: "Nota Paraná answered with fabricated rows" })

  const asked = simulator.requests.length
  await expect(open().search(products[70]!)).rejects.toBeInstanceOf(CircuitOpen)
  expect(simulator.requests).toHaveLength(asked)
})

test("does not pause where it did not ask", async () => {
  simulator.fail({ times: 1, mode: "error", status: 429 })
  const { search, searchAll } = open({ NOTA_PARANA_PAUSE: "600000" })
  await expect(search(products[0]!)).rejects.toBeInstanceOf(Blocked)
  const searches = await searchAll(100)
  expect(reasons(searches).every((reason) => reason instanceof CircuitOpen)).toBeTrue()
  expect(simulator.requests).toHaveLength(1)
})

test("tells who it is told to be", async () => {
  const { search } = open({ NOTA_PARANA_USER_AGENT: "Mercado304 (dados@mercado304.example)" })
  await search(products[0]!)
  expect(simulator.requests[0]).toMatchObject({ userAgent: "Mercado304 (dados@mercado304.example)" })
})

test("asks the real service unless it is told otherwise", () => {
  expect(notaParanaEnv({})).toEqual({
    NOTA_PARANA_URL: "https://menorpreco.notaparana.pr.gov.br/api/v1",
    NOTA_PARANA_USER_AGENT: "Esteira price-sync",
    NOTA_PARANA_DAILY_BUDGET: 60,
    NOTA_PARANA_PAUSE: 2_000,
  })
})

test.each([
  { NOTA_PARANA_URL: "menorpreco.notaparana.pr.gov.br" },
  { NOTA_PARANA_URL: "ftp://menorpreco.notaparana.pr.gov.br" },
  { NOTA_PARANA_USER_AGENT: "Mercado\r\nCookie: a" },
  { NOTA_PARANA_USER_AGENT: "Preços" },
  { NOTA_PARANA_DAILY_BUDGET: "0" },
  { NOTA_PARANA_DAILY_BUDGET: "muitas" },
  { NOTA_PARANA_PAUSE: "-1" },
])("does not start with %j", (env) => {
  expect(() => notaParanaEnv(env as Record<string, string>)).toThrow(ConfigurationError)
  expect(() => notaParanaEnv(env as Record<string, string>)).toThrow(`${Object.keys(env)[0]} is not right`)
})
