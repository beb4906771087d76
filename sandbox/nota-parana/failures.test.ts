import { expect, test } from "bun:test"
import type { Failure } from "./failures.ts"
import { products } from "./products.ts"
import type { Row } from "./rows.ts"
import type { Listing } from "./search.ts"
import { type NotaParanaSimulator, startNotaParana } from "./simulator.ts"
import { ask } from "./testing.ts"

const { gtin } = products[0]!
const other = products[1]!

async function answerTo(failure: Omit<Failure, "times">) {
  await using simulator = startNotaParana()
  simulator.fail({ times: 1, ...failure })
  const answer = await ask(simulator, { gtin })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

test("fails as often as it is told, then answers", async () => {
  await using simulator = startNotaParana()
  simulator.fail({ times: 2, mode: "error", status: 429, headers: { "retry-after": "7" } })
  for (const _ of [1, 2]) {
    const answer = await ask(simulator, { gtin })
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"])
  }
  expect((await ask(simulator, { gtin })).status).toBe(200)
  expect(simulator.requests.map(({ answer }) => answer)).toEqual(["error", "error", "rows"])
})

test.each([503, 403, 401, 404])("answers with the status %d", async (status) => {
  expect(await answerTo({ mode: "error", status })).toMatchObject({ status })
})

test("asks a robot to prove that it is none", async () => {
  const { status, headers, text } = await answerTo({ mode: "html" })
  expect(status).toBe(200)
  expect(headers.get("content-type")).toStartWith("text/html")
  expect(text).toStartWith("<!doctype html>")
})

test("fabricates", async () => {
  const { text } = await answerTo({ mode: "poisoned" })
  for (const { ncm } of (JSON.parse(text) as Listing).produtos) expect(ncm).toMatch(/^320\d{6}$/)
})

test("contradicts itself in six ways of seven", async () => {
  const { text } = await answerTo({ mode: "contradictory" })
  const rows = (JSON.parse(text) as Listing).produtos
  expect(rows.length).toBeGreaterThan(7)
  const wrong = (is: (row: Row) => boolean) => rows.flatMap((row, index) => (is(row) ? [index % 7] : []))
  expect(new Set(wrong((row) => Number(row.valor) > Number(row.valor_tabela)))).toEqual(new Set([0]))
  expect(new Set(wrong((row) => Date.parse(row.datahora) > Date.now()))).toEqual(new Set([2]))
  expect(new Set(wrong((row) => row.gtin === "7891000100103"))).toEqual(new Set([3]))
})

test("finds nothing, either way", async () => {
  expect(JSON.parse((await answerTo({ mode: "empty" })).text)).toMatchObject({ produtos: [], total: 0 })
  expect(await answerTo({ mode: "no-content" })).toMatchObject({ status: 204, text: "" })
})

test("ends in the middle of its JSON", async () => {
  const { status, text } = await answerTo({ mode: "truncated" })
  expect(status).toBe(200)
  expect(text).toStartWith('{"tempo"')
  expect(() => JSON.parse(text)).toThrow()
})

test("cuts the connection", async () => {
  await using simulator = startNotaParana()
  // On a connection that was used before, fetch would ask once more by itself.
  simulator.fail({ times: 1, mode: "reset" })
  await expect(ask(simulator, { gtin })).rejects.toThrow("closed")
})

test("sends the second half of its answer when it is let go", async () => {
  await using simulator = startNotaParana()
  const { release } = simulator.fail({ times: 1, mode: "slow" })
  const answer = await ask(simulator, { gtin })
  const reader = answer.body!.getReader()
  const first = await reader.read()
  expect(() => JSON.parse(new TextDecoder().decode(first.value))).toThrow()
  release()
  const second = await reader.read()
  const whole = new TextDecoder().decode(first.value) + new TextDecoder().decode(second.value)
  expect((JSON.parse(whole) as Listing).produtos.length).toBeGreaterThan(0)
})

test("sends the second half after so many milliseconds", async () => {
  await using simulator = startNotaParana()
  simulator.fail({ times: 1, mode: "slow", delay: 20 })
  const asked = performance.now()
  expect((await (await ask(simulator, { gtin })).json()) as Listing).toMatchObject({
    total: expect.any(Number),
  })
  expect(performance.now() - asked).toBeGreaterThanOrEqual(19)
})

test("hangs until the client goes away", async () => {
  await using simulator = startNotaParana()
  const { met } = simulator.fail({ times: 1, mode: "hang" })
  const client = new AbortController()
  const answer = fetch(`${simulator.api}/produtos?local=6gg4dpecb&gtin=${gtin}`, { signal: client.signal })
  await met
  client.abort()
  await expect(answer).rejects.toThrow("aborted")
})

test("fails for one product, or one page, alone", async () => {
  await using simulator = startNotaParana()
  simulator.fail({ times: 1, mode: "error", gtin })
  simulator.fail({ times: 1, mode: "error", status: 500, offset: 50 })
  expect((await ask(simulator, { gtin: other.gtin })).status).toBe(200)
  expect((await ask(simulator, { gtin: other.gtin, offset: 50 })).status).toBe(500)
  expect((await ask(simulator, { gtin })).status).toBe(503)
  expect((await ask(simulator, { gtin })).status).toBe(200)
})

const control = ({ url }: NotaParanaSimulator, path: string, method = "GET", body?: unknown) =>
  fetch(`${url}/sandbox/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) })

test("is told what goes wrong by other processes too", async () => {
  await using simulator = startNotaParana()
  const told = await control(simulator, "failures", "POST", { times: 2, mode: "error", status: 500 })
  expect([told.status, await told.json()]).toEqual([201, [{ times: 2, mode: "error", status: 500 }]])
  expect((await ask(simulator, { gtin })).status).toBe(500)
  expect(await (await control(simulator, "failures")).json()).toMatchObject([{ times: 1 }])
  expect((await control(simulator, "failures", "DELETE")).status).toBe(204)
  expect((await ask(simulator, { gtin })).status).toBe(200)
})

test("has its wall moved, and its requests read and forgotten, by other processes too", async () => {
  await using simulator = startNotaParana()
  await ask(simulator, { gtin })
  expect(await (await control(simulator, "wall")).json()).toEqual({ after: null })
  expect(await (await control(simulator, "wall", "PUT", { after: 0 })).json()).toEqual({ after: 0 })
  await ask(simulator, { gtin })
  expect(await (await control(simulator, "requests")).json()).toMatchObject([
    { query: { gtin }, answer: "rows" },
    { answer: "wall" },
  ])
  expect((await control(simulator, "requests", "DELETE")).status).toBe(204)
  expect(simulator.requests).toEqual([])
  await control(simulator, "wall", "PUT", { after: null })
  await ask(simulator, { gtin })
  expect(simulator.requests).toMatchObject([{ answer: "rows" }])
})

test.each([
  "{",
  "{}",
  '{"times":0,"mode":"error"}',
  '{"times":1,"mode":"explode"}',
  '{"times":1,"mode":"error","sttus":500}',
])("does not understand the failure %s", async (body) => {
  await using simulator = startNotaParana()
  const answer = await fetch(`${simulator.url}/sandbox/failures`, { method: "POST", body })
  expect([answer.status, await answer.json()]).toEqual([422, { error: expect.any(String) }])
  expect((await ask(simulator, { gtin })).status).toBe(200)
})
