import { beforeAll, expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import Ajv from "ajv/dist/2020"
import addFormats from "ajv-formats"
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
