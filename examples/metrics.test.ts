import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { jobs } from "../lib/jobs/index.ts"
import { readMetrics } from "../lib/metrics/parse.testing.ts"
import { queueOf } from "../lib/queues.ts"
import { findRun } from "../lib/runs.ts"
import { type Runtime, runtimes, startService } from "../sandbox/service.ts"
import { until } from "../sandbox/until.ts"

const METRICS_KEY = "a_key_for_the_scraper"
const read = (path: string) => readFile(join(import.meta.dir, path), "utf8")
const namesIn = (text: string) => new Set(text.match(/\besteira_[a-z0-9_]+/g))

type Told = ReturnType<typeof readMetrics>
const told = {} as Record<Runtime | "worker", Told>
/** The type and the words of each metric, whoever tells it. */
const families = new Map<string, string>()

async function scrape(url: string, key: string) {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ])
  return readMetrics(await response.text())
}

beforeAll(async () => {
  const worker = await (await startService([process.execPath, "worker/main.ts"], { METRICS_KEY })).up()
  const data = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const
  const { id } = await enqueue(email, data)
  expect(await until(async () => (await findRun(email, id))?.status === "completed", 20_000)).toBe(true)
  told.worker = await scrape(worker.url, METRICS_KEY)
  await worker.stop()
  for (const runtime of Object.keys(runtimes) as Runtime[]) {
    const api = await (await startService(runtimes[runtime])).up()
    expect((await fetch(`${api.url}/metrics`)).status).toBe(401)
    expect((await fetch(`${api.url}/api/jobs/email`, { method: "POST" })).status).toBe(401)
    // The first is counted once it is answered.
    await scrape(api.url, process.env.ADMIN_API_KEY!)
    told[runtime] = await scrape(api.url, process.env.ADMIN_API_KEY!)
    await api.stop()
  }
  for (const { types, helps } of Object.values(told))
    for (const [name, type] of types) families.set(name, `${type} | ${helps.get(name)}`)
})
afterAll(() => Promise.all(jobs.map((job) => queueOf(job).obliterate({ force: true }))))

/** The series that a metric is asked for by: a histogram has three of its own. */
const series = () =>
  [...families].flatMap(([name, words]) =>
    words.startsWith("histogram") ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name],
  )

test.each(Object.keys(runtimes) as Runtime[])(
  "the API on %s tells of its requests and of what it stands on",
  (runtime) => {
    const { samples } = told[runtime]
    expect(samples.get('esteira_http_requests_total{area="api/jobs",status="401"}')).toBe(1)
    expect(samples.get('esteira_http_requests_total{area="metrics",status="401"}')).toBe(1)
    expect(samples.get('esteira_http_requests_total{area="metrics",status="200"}')).toBe(1)
    expect(samples.get('esteira_http_request_duration_seconds_count{area="metrics"}')).toBe(2)
    for (const part of ["redis", "postgres", "queues", "waiting"])
      expect(samples.get(`esteira_up{part="${part}"}`)).toBe(1)
    for (const { name } of jobs)
      expect(samples.get(`esteira_queue_runs{queue="${name}",state="failed"}`)).toBeNumber()
    for (const name of ["esteira_process_resident_memory_bytes", "esteira_process_cpu_seconds_total"])
      expect(samples.get(name)).toBeGreaterThan(0)
  },
)

test("what both tell has one type and one meaning", () => {
  for (const { types, helps } of Object.values(told))
    for (const [name, type] of types) expect(families.get(name)).toBe(`${type} | ${helps.get(name)}`)
})

test("both runtimes tell the same", () => {
  expect([...told.deno.types.keys()]).toEqual([...told.bun.types.keys()])
})

test("every metric that the code declares is told by the API or by the worker", async () => {
  const declared = new Set<string>()
  const root = join(import.meta.dir, "..")
  for await (const file of new Bun.Glob("{api,db,lib,worker}/**/*.ts").scan(root)) {
    if (/\.test(?:ing)?\.ts$/.test(file)) continue
    const text = await Bun.file(join(root, file)).text()
    if (!/metrics\/exposition\.ts|\.\/exposition\.ts/.test(text)) continue
    for (const [, name] of text.matchAll(/"(esteira_[a-z0-9_]+)"/g)) declared.add(name!)
  }
  expect(declared.size).toBeGreaterThan(20)
  expect([...declared].filter((name) => !families.has(name))).toEqual([])
})

test("every alert and every panel asks for what there is, and the panels for all there is", async () => {
  const [alerts, dashboard] = await Promise.all(["prometheus/alerts.yml", "grafana/esteira.json"].map(read))
  const there = series()
  const rules = (Bun.YAML.parse(alerts!) as { groups: { rules: { expr: string }[] }[] }).groups.flatMap(
    ({ rules }) => rules,
  )
  const panels = JSON.parse(dashboard!).panels as { targets?: { expr: string }[] }[]
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  for (const { expr } of rules) expect([...namesIn(expr)]).not.toBeEmpty()
  for (const text of [alerts!, dashboard!])
    expect([...namesIn(text)].filter((name) => !there.includes(name) && name !== "esteira")).toEqual([])
  const unshown = [...families.keys()].filter(
    (name) => ![...namesIn(shown.join("\n"))].some((asked) => asked.replace(/_bucket$/, "") === name),
  )
  expect(unshown).toEqual([])
})

test("the README's table of metrics is what there is", async () => {
  const [, table = ""] = (await read("../README.md")).split("| metric | type | what |\n|---|---|---|\n")
  const rows = [...families].sort().map(([name, words]) => `| \`${name}\` | ${words} |`)
  expect(table.split("\n\n")[0]?.trim().split("\n")).toEqual(rows)
})
