import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import Ajv, { type ValidateFunction } from "ajv/dist/2020"
import addFormats from "ajv-formats"
import { jobs } from "../../lib/jobs/index.ts"
import { describedBy, type Operation } from "../../sandbox/openapi/document.ts"
import { untold } from "../../sandbox/openapi/untold.ts"
import { runtimes, type Service, startService } from "../../sandbox/service.ts"
import { RUN_ID } from "./example.ts"
import { schemaOf } from "./json.ts"

const KEY = process.env.ADMIN_API_KEY!

let api: Service
let description: object
let operations: Operation[]
beforeAll(async () => {
  api = await (await startService(runtimes.bun)).up()
  ;({ description, operations } = await describedBy(api.url, KEY))
})
afterAll(() => api.stop())

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

const compiled = new Map<string, ValidateFunction>()

/** Whether a schema takes a value, and what it says of that. */
function taken(schema: object) {
  const text = JSON.stringify(schema)
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { base64: /^[A-Za-z\d+/]*={0,2}$/ } })
  const takes = compiled.get(text) ?? addFormats(ajv).compile(schema)
  compiled.set(text, takes)
  return (value: unknown) => [takes(value), takes.errors]
}

test("has examples that their schemas take, for every body", () => {
  const bodies = operations.flatMap(({ operationId, requestBody }) =>
    requestBody ? Object.values(requestBody.content).map((content) => [operationId, content] as const) : [],
  )
  expect(bodies.length).toBeGreaterThan(15)
  for (const [id, { schema, example }] of bodies) {
    const takes = taken(schema!)
    expect([id, example === undefined, ...takes(example)]).toEqual([id, false, true, null])
    expect([id, takes([])[0]]).toEqual([id, false])
  }
})

const answers = () =>
  operations.flatMap(({ operationId, responses = {} }) =>
    Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, said]) => ({
        id: `${operationId} ${status}`,
        status,
        type,
        ...said,
      })),
    ),
  )

test("has an example of every answer and every error, which its schema takes", () => {
  const told = answers().filter(({ type }) => type === "application/json")
  expect(told.filter(({ status }) => status < "300").length).toBeGreaterThan(100)
  expect(told.filter(({ status }) => status >= "400").length).toBeGreaterThan(700)
  for (const { id, schema, example } of told) {
    const takes = taken(schema!)
    expect([id, example === undefined, ...takes(example)]).toEqual([id, false, true, null])
    const wrong = Array.isArray(example) ? [{}] : { ...(example as object), [Object.keys(example!)[0]!]: {} }
    expect([id, takes(wrong)[0]]).toEqual([id, false])
  }
})

test("leaves no word of an answer to the imagination", () => {
  const bare = { type: "object", properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] }, b: {} } }
  expect(untold(bare)).toEqual([".a", ".b"])
  expect(untold({ ...bare, examples: [{ a: "one", b: 2 }] })).toEqual([])

  const told = answers().filter(({ status, type }) => status < "300" && type === "application/json")
  expect(told.flatMap(({ id, schema }) => untold(schema!, id))).toEqual([])
  expect(jobs.flatMap(({ name, result }) => untold(schemaOf(result, "output"), name))).toEqual([])
})

test("shows what streams and figures look like", () => {
  const texts = answers().filter(({ type }) => /^text\/(?:event-stream|plain)$/.test(type))
  const streams = texts.filter(({ type }) => type === "text/event-stream")
  expect(streams.length).toBe(jobs.length + 1)
  for (const { example } of streams) {
    const events = [...String(example).matchAll(/^event: (\w+)\ndata: (.+)$/gm)]
    expect(events.map(([, name, data]) => [name, typeof JSON.parse(data!)])).toContainEqual([
      "snapshot",
      "object",
    ])
    expect(example).toContain("\n\n: beat\n\n")
  }
})

/** What is there in no database of a test, as the examples of errors call it. */
const NOWHERE: Record<string, string> = { jobId: RUN_ID, callback: `msg_${RUN_ID}`, queueName: "email" }

const pathOf = ({ path }: Operation) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name) => NOWHERE[name] ?? (/jobs|backup/.test(path) ? RUN_ID : "12"))

const bodyOf = ({ requestBody }: Operation) =>
  requestBody?.content["application/json"]?.example as object | undefined

const errorOf = ({ responses = {} }: Operation, status: number) =>
  responses[status]?.content?.["application/json"]?.example as
    | { error: string; details?: { path: string }[] }
    | undefined

/** Asks as an operation is asked, with what its example is and besides. */
const ask = (operation: Operation, { query = "", body = bodyOf(operation), ...headers }: Asking) =>
  fetch(`${api.url}${pathOf(operation)}${query}`, {
    method: operation.method,
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
    ...(operation.method !== "GET" && { body: JSON.stringify(body) }),
  })

interface Asking extends Record<string, unknown> {
  query?: string
  body?: unknown
}

/** Ways to ask that come to nothing. */
const AMISS: Record<number, (operation: Operation) => Asking> = {
  400: (operation) => ({
    query: `?${errorOf(operation, 400)?.details?.[0]?.path || "colour"}=red`,
    body: { ...bodyOf(operation), colour: "red" },
  }),
  401: () => ({ authorization: "Bearer nobody" }),
  404: () => ({}),
  415: () => ({ "content-type": "text/plain" }),
}

/** Without what is another each time. */
const inGeneral = (said: string) =>
  said
    .replace(/: (?:the schedules are|there are no schedules).*/, "")
    .replaceAll(/"[^"]*"|\b[\da-f]{8}-[\da-f-]{27}\b|\d+/g, "…")

test.each([
  [400, 40],
  [401, 100],
  [404, 60],
  [415, 50],
])("says in its examples what is said with %i", async (amiss, least) => {
  const said: string[][] = []
  for (const operation of operations) {
    const answer = await ask(operation, AMISS[amiss]!(operation))
    const text = await answer.text()
    const described = errorOf(operation, amiss)
    const isOwn = amiss === 400 && !/Unrecognized key|limit/.test(described?.error ?? "")
    if (answer.status === amiss && described && !isOwn && !text.startsWith("<"))
      said.push([operation.operationId!, inGeneral(described.error), inGeneral(JSON.parse(text).error)])
  }
  expect(said.filter(([, described, answered]) => described !== answered)).toEqual([])
  expect(said.length).toBeGreaterThan(least)
})

test.each(jobs.map(({ name, example }) => [name, example] as const))(
  "says in its examples what is said of a payload of %s that is wrong",
  async (name, example) => {
    const operation = operations.find(({ operationId }) => operationId === `enqueue-${name}`)!
    const [word] = Object.keys(example)
    const answer = await ask(operation, { body: { data: { ...example, [word!]: null } } })
    expect([answer.status, await answer.json()]).toEqual([400, errorOf(operation, 400)])
  },
)
