import { afterEach, expect, spyOn, test } from "bun:test"
import { listAuditLog } from "../../db/audit-log.ts"
import { closePool } from "../../db/pool.ts"
import { forgetLogForm, sink } from "../../lib/log.ts"
import { auditAsked, auditDone } from "./audit.ts"
import { ADMIN, describeChange, identify } from "./principal.ts"

const url = process.env.DATABASE_URL

afterEach(async () => {
  await closePool(0)
  process.env.DATABASE_URL = url
})

async function takeAway() {
  await closePool(0)
  process.env.DATABASE_URL = "postgres://nobody@127.0.0.1:1/none"
}

const call = () => {
  const request = new Request("http://a.example/api/x")
  const requestId = crypto.randomUUID()
  return { request, requestId, call: identify(request, ADMIN, requestId) }
}

test("a change that was begun and cannot be written down is in the process' own log, and stands as asked for", async () => {
  const { request, requestId, call: begun } = call()
  await auditAsked(request, begun, "key.create", "/api/x")
  describeChange(request, { target: "key:1", after: { name: "shop" } })
  await takeAway()
  const lines: string[] = []
  const { LOG_LEVEL } = process.env
  const written = spyOn(sink, "write").mockImplementation((line) => void lines.push(line))
  process.env.LOG_LEVEL = "info"
  forgetLogForm()
  await auditDone(request, 201)
  written.mockRestore()
  process.env.LOG_LEVEL = LOG_LEVEL
  forgetLogForm()
  const told = lines.find((line) => line.includes("What came of a change is not in the audit log"))
  for (const part of [requestId, "key.create", "key:1", "shop", "201"]) expect(told).toContain(part)

  await closePool(0)
  process.env.DATABASE_URL = url
  expect(await listAuditLog({ requestId }, 10)).toMatchObject([{ phase: "asked", action: "key.create" }])
})

test("what was not written down as asked for has no outcome, and none has two", async () => {
  const { request, requestId, call: refused } = call()
  await takeAway()
  await expect(auditAsked(request, refused, "key.create", "/api/x")).rejects.toMatchObject({ status: 503 })
  await closePool(0)
  process.env.DATABASE_URL = url
  await auditDone(request, 503)
  expect(await listAuditLog({ requestId }, 10)).toEqual([])

  const other = call()
  await auditAsked(other.request, other.call, "key.create", "/api/x")
  await auditDone(other.request, 200)
  await auditDone(other.request, 500)
  expect((await listAuditLog({ requestId: other.requestId }, 10)).map(({ status }) => status)).toEqual([
    200,
    null,
  ])
})
