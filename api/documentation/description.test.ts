import { beforeAll, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import Ajv from "ajv/dist/2020"
import addFormats from "ajv-formats"
import { jobs } from "../../lib/jobs/index.ts"
import { describedBy, type Operation } from "../../sandbox/openapi/document.ts"
import { runtimes, startService } from "../../sandbox/service.ts"

let description: object
let operations: Operation[]
beforeAll(async () => {
  const api = await (await startService(runtimes.bun)).up()
  ;({ description, operations } = await describedBy(api.url, process.env.ADMIN_API_KEY!))
  await api.stop()
})

test("is OpenAPI 3.1, and a broken one would not be", async () => {
  const validity = async (document: object) => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(document) as never)
    return { version: validator.version, valid, errors: errors ?? [] }
  }
  expect(await validity(description)).toEqual({ version: "3.1", valid: true, errors: [] })
  expect(await validity({ ...description, info: {} })).toMatchObject({ valid: false })
})

/** A row of the README's table of routes: every job's routes are one, by its queue. */
function rowOf({ method, path, security = [], summary = "" }: Operation) {
  const job = jobs.find(({ name }) => new RegExp(`^/api/jobs/${name}(?:/|$)`).test(path))
  const route = (job ? path.replace(job.name, ":queue") : path).replaceAll(/\{(\w+)\}/g, ":$1")
  const [first] = security as { key?: [string]; session?: [] }[]
  const who = first?.key ? `\`${first.key[0]}\`` : first ? "a session" : "anybody"
  // A request for a run says what the run does, of each job something else.
  const isOwn = job && !path.slice(`/api/jobs/${job.name}`.length)
  const what = isOwn ? "Ask for a run" : job ? summary.replace(` of ${job.name}`, "") : summary
  return `| \`${method} ${route}\` | ${who} | ${what} |`
}

test("is the README's table of routes, row by row, and every path that the README names is in it", async () => {
  const readme = await readFile(join(import.meta.dir, "../../README.md"), "utf8")
  const [, rest = ""] = readme.split("| route | who | what |\n|---|---|---|\n")
  const rows = rest.split("\n\n")[0]!.trim().split("\n")
  const described = [...new Set(operations.map(rowOf))]
  expect(described.length).toBeGreaterThan(50)
  expect(rows.toSorted()).toEqual(described.toSorted())

  const there = described.map((row) => /`\w+ (\S+)`/.exec(row)![1]!)
  const isThere = (path: string) =>
    there.some((route) => new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}/?(?:/|$)`).test(path)) ||
    there.some((route) => route.startsWith(`${path}/`))
  const named = [...readme.matchAll(/(?<=[\s`"0])\/api\/[\w:$/-]+/g)].map(([path]) => path)
  expect(named.length).toBeGreaterThan(80)
  expect(named.filter((path) => !isThere(path))).toEqual([])
  expect(isThere("/api/admin/nothing")).toBe(false)
})

test("names every way to ask once", () => {
  const ids = operations.map(({ operationId }) => operationId)
  expect(ids).not.toContain(undefined)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test("has examples that their schemas take, for every body", () => {
  const bodies = operations.flatMap(({ operationId, requestBody }) =>
    requestBody ? Object.values(requestBody.content).map((content) => [operationId, content] as const) : [],
  )
  expect(bodies.length).toBeGreaterThan(15)
  for (const [id, { schema, example }] of bodies) {
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { base64: /^[A-Za-z\d+/]*={0,2}$/ } })
    addFormats(ajv)
    const takes = ajv.compile(schema!)
    expect([id, example === undefined, takes(example), takes.errors]).toEqual([id, false, true, null])
    expect([id, takes([])]).toEqual([id, false])
  }
})
