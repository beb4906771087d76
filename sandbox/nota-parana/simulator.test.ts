import { expect, test } from "bun:test"
import { toGtin14 } from "../../lib/gtin.ts"
import { products } from "./products.ts"
import type { Row } from "./rows.ts"
import type { Listing } from "./search.ts"
import { type NotaParanaSimulator, startNotaParana } from "./simulator.ts"
import { stores } from "./stores.ts"
import { ask, CENTRE } from "./testing.ts"

const at = Date.parse("2026-09-12T15:00:00Z")
const start = (options: Parameters<typeof startNotaParana>[0] = {}) =>
  startNotaParana({ now: () => at, ...options })

const pageOf = async (simulator: NotaParanaSimulator, parameters: Parameters<typeof ask>[1]) =>
  (await (await ask(simulator, parameters)).json()) as Listing

/** Each product's first page, by what it is like. */
async function firstPages(simulator: NotaParanaSimulator) {
  const pages = await Promise.all(
    products.map(async ({ gtin }) => ({ gtin, ...(await pageOf(simulator, { gtin })) })),
  )
  return {
    all: pages,
    paged: pages.filter(({ produtos }) => produtos.length === 50),
    whole: pages.filter(({ total, produtos }) => total <= 50 && produtos.length > 0),
    unsold: pages.filter(({ produtos }) => produtos.length === 0),
  }
}

test("tells what a product costs nearby, every field of a row as text", async () => {
  await using simulator = start()
  const [rice] = products
  const answer = await ask(simulator, { gtin: rice!.gtin })
  expect(answer.headers.get("content-type")).toStartWith("application/json")
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  const listing = (await answer.json()) as Listing
  expect(listing).toMatchObject({ local: CENTRE, tempo: expect.any(Number), total: expect.any(Number) })
  expect(listing.produtos.length).toBeGreaterThan(5)
  for (const { estabelecimento, ...row } of listing.produtos) {
    for (const value of Object.values({ ...estabelecimento, ...row })) expect(value).toBeString()
    expect(toGtin14(row.gtin)).toBe(toGtin14(rice!.gtin))
    expect(Number(row.valor)).toBeCloseTo(Number(row.valor_tabela) - Number(row.valor_desconto), 5)
    expect(row.ncm).toMatch(/^\d{8}$/)
    expect(Date.parse(row.datahora.replace(/Z?$/, "Z"))).toBeWithin(at - 61 * 86_400_000, at)
  }
  expect(listing.precos.min).toBe(Math.min(...listing.produtos.map(({ valor }) => Number(valor))).toFixed(2))
})

test("has all the ways in which notes differ", async () => {
  await using simulator = start()
  const { all } = await firstPages(simulator)
  const rows = all.flatMap(({ produtos }) => produtos)
  const found = (is: (row: Row) => boolean) => rows.some(is) && rows.some((row) => !is(row))
  expect(found(({ gtin }) => gtin.length === 14)).toBeTrue()
  expect(found(({ datahora }) => datahora.endsWith("Z"))).toBeTrue()
  expect(found(({ distkm }) => distkm.includes(","))).toBeTrue()
  expect(found(({ estabelecimento }) => estabelecimento.nm_fan === "")).toBeTrue()
  expect(found(({ valor_desconto }) => valor_desconto !== "0.00")).toBeTrue()
})

test("gives pages of 50, of which the next repeats some, and counts more than it gives", async () => {
  await using simulator = start()
  const { paged } = await firstPages(simulator)
  expect(paged.length).toBeGreaterThan(2)
  for (const first of paged) {
    const second = await pageOf(simulator, { gtin: first.gtin, offset: 50 })
    const known = new Set(first.produtos.map(({ id }) => id))
    expect(second.produtos.filter(({ id }) => known.has(id))).toHaveLength(2)
    expect(second.produtos.length).toBeGreaterThan(2)
    expect(first.total).toBe(second.total)
    expect(first.total).toBeGreaterThan(first.produtos.length + second.produtos.length)
    const last = await pageOf(simulator, { gtin: first.gtin, offset: 200 })
    expect(last.produtos).toEqual([])
  }
})

test("repeats the first page where all sales fit on one", async () => {
  await using simulator = start()
  const { whole } = await firstPages(simulator)
  expect(whole.length).toBeGreaterThan(2)
  const [first] = whole
  const second = await pageOf(simulator, { gtin: first!.gtin, offset: 50 })
  expect(second.produtos).toEqual(first!.produtos)
})

test("has the same notes whatever is asked", async () => {
  await using simulator = start()
  const milk = products.find(({ name }) => name === "Leite condensado")!
  const byGtin = await pageOf(simulator, { gtin: milk.gtin })
  const byTerm = await pageOf(simulator, { termo: "leite" })
  const padded = await pageOf(simulator, { gtin: milk.gtin.padStart(14, "0"), termo: "outra coisa" })
  expect(padded.produtos).toEqual(byGtin.produtos)
  const ids = new Set(byGtin.produtos.map(({ id }) => id))
  expect(byTerm.produtos.some(({ id }) => ids.has(id))).toBeTrue()
  // A term is taken loosely.
  expect(new Set(byTerm.produtos.map(({ gtin }) => toGtin14(gtin))).size).toBeGreaterThan(1)
})

test("looks as far and as far back as it is told", async () => {
  await using simulator = start()
  const { gtin } = products[0]!
  const near = await pageOf(simulator, { gtin, raio: 2 })
  const far = await pageOf(simulator, { gtin, raio: 20 })
  const there = await pageOf(simulator, { gtin, local: "6gge7u6cc" })
  const codes = ({ produtos }: Listing) => new Set(produtos.map((row) => row.estabelecimento.codigo))
  expect(codes(near).size).toBeGreaterThan(0)
  expect(codes(near).size).toBeLessThan(codes(far).size)
  expect(codes(far).intersection(codes(there)).size).toBe(0)
  for (const row of near.produtos) expect(Number(row.distkm.replace(",", "."))).toBeLessThanOrEqual(2)
  const week = await pageOf(simulator, { gtin, data: 7 })
  const ever = await pageOf(simulator, { gtin, data: -1 })
  expect(week.total).toBeLessThan(far.total)
  expect(far.total).toBeLessThan(ever.total)
})

test("has no content for what it does not know, and no rows for what was not sold", async () => {
  await using simulator = start()
  const unknown = await ask(simulator, { gtin: "7891000100103" })
  expect([unknown.status, await unknown.text()]).toEqual([204, ""])
  const { unsold } = await firstPages(simulator)
  expect(unsold[0]).toMatchObject({ produtos: [], total: 0 })
})

test.each([undefined, "", "aqui", "-23.42,-51.93"])("fails when the place is %p", async (local) => {
  await using simulator = start()
  expect((await ask(simulator, { gtin: products[0]!.gtin, local })).status).toBe(500)
  const query = local === undefined ? "" : `&local=${local}`
  expect((await fetch(`${simulator.api}/categorias?termo=leite${query}`)).status).toBe(500)
})

test("tells the categories of a term", async () => {
  await using simulator = start()
  const answer = await fetch(`${simulator.api}/categorias?local=${CENTRE}&termo=leite&raio=2`)
  expect(await answer.json()).toEqual({
    local: CENTRE,
    tempo: expect.any(Number),
    termo: "leite",
    regiao: "MARINGA",
    categorias: [
      { id: 2, qtd: 6, desc: "Leite e derivados" },
      { id: 11, qtd: 1, desc: "Confeitaria" },
      { id: 63, qtd: 1, desc: "Chocolates" },
    ],
  })
})

test("fabricates once a client has asked too much, until the day is over", async () => {
  let now = at
  await using simulator = startNotaParana({ wall: 2, now: () => now })
  const search = async (client: string, gtin = "7891000100103") =>
    await ask(simulator, { gtin }, { "x-forwarded-for": client })
  expect((await search("10.0.0.1")).status).toBe(204)
  expect((await search("10.0.0.1")).status).toBe(204)
  const behind = await search("10.0.0.1")
  expect(behind.status).toBe(200)
  const { produtos } = (await behind.json()) as Listing
  expect(produtos.length).toBeGreaterThan(10)
  for (const row of produtos) {
    expect(row.ncm).toMatch(/^320\d{6}$/)
    expect(row.local).toBe(CENTRE)
    expect(stores.map(({ code }) => code)).not.toContain(row.estabelecimento.codigo!)
  }
  expect((await search("10.0.0.2")).status).toBe(204)
  now += 86_400_000
  expect((await search("10.0.0.1")).status).toBe(204)
})

test("notes every request, and how many there were at a time", async () => {
  await using simulator = start({ latency: 30 })
  const headers = { "user-agent": "Esteira (ana@example.com)" }
  await Promise.all([
    ask(simulator, { gtin: products[0]!.gtin }, headers),
    ask(simulator, { gtin: products[1]!.gtin }, headers),
  ])
  await ask(simulator, { gtin: "7891000100103" })
  expect(simulator.requests).toMatchObject([
    { path: "/api/v1/produtos", userAgent: headers["user-agent"], answer: "rows", status: 200 },
    { query: { local: CENTRE, raio: "20", data: "60" }, answer: "rows", status: 200 },
    { query: { gtin: "7891000100103" }, answer: "nothing", status: 204, atOnce: 1 },
  ])
  expect(simulator.requests.map(({ atOnce }) => atOnce)).toEqual([1, 2, 1])
})

test("shows a person what was asked", async () => {
  await using simulator = start()
  await ask(simulator, { termo: "<leite>" })
  const answer = await fetch(simulator.url)
  expect(answer.headers.get("content-type")).toStartWith("text/html")
  const text = await answer.text()
  expect(text).toContain("&lt;leite&gt;")
  expect(text).toContain("/sandbox/wall")
})

test("does not start on a port that is taken", async () => {
  await using simulator = start()
  expect(() => startNotaParana({ port: Number(new URL(simulator.url).port) })).toThrow("in use")
})
