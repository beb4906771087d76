import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { verifyAuditLog } from "../../db/audit-chain.ts"
import type { AuditRecord } from "../../db/audit-log.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const authorization = "Bearer est_a_key_for_the_tests"
const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } } as const

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

describe.each(Object.keys(runtimes) as Runtime[])("the audit log, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime], { TRUSTED_PROXY: "2" })).up()
  })
  afterAll(async () => {
    await queueOf(email).obliterate({ force: true })
    await api.stop()
  })

  const send = (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    base = api.url,
  ) =>
    fetchDescribed(`${base}${path}`, {
      method,
      headers: { authorization, ...(body ? { "content-type": "application/json" } : {}), ...headers },
      ...(body ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
    })
  const read = async (query: string) =>
    (await (await send("GET", `/api/admin/audit?${query}`)).json()) as {
      entries: AuditRecord[]
      next: number | null
    }

  test("has each change twice: that it was asked for, by whom and from where, and what came of it", async () => {
    const requestId = crypto.randomUUID()
    const headers = { "x-request-id": requestId, "x-forwarded-for": "evil, 192.0.2.7, 10.0.0.1" }
    const made = (await (
      await send("POST", "/api/admin/keys", { name: "shop", scopes: ["operate"] }, headers)
    ).json()) as { id: number; key: string }
    const { entries } = await read(`requestId=${requestId}`)
    const asked = {
      actor: "admin",
      keyId: null,
      address: "192.0.2.7",
      requestId,
      action: "key.create",
    }
    expect(entries).toMatchObject([
      {
        ...asked,
        phase: "done",
        target: `key:${made.id}`,
        status: 201,
        before: null,
        after: { name: "shop" },
      },
      { ...asked, phase: "asked", target: "/api/admin/keys", status: null, before: null, after: null },
    ])
    expect(JSON.stringify(entries)).not.toContain(made.key)

    const { id } = await enqueue(email, mail, { delay: 60_000 })
    const own = { authorization: `Bearer ${made.key}`, "x-forwarded-for": "a, b" }
    expect((await send("POST", `/api/jobs/email/${id}/cancel`, {}, own)).status).toBe(200)
    const { entries: cancelled } = await read(`actor=${encodeURIComponent(`key:${made.id} (shop)`)}`)
    expect(cancelled).toMatchObject([
      { phase: "done", keyId: made.id, address: null, action: "run.cancel", status: 200 },
      { phase: "asked", keyId: made.id, target: `/api/jobs/email/${id}/cancel` },
    ])
  })

  test("has what was refused as well, but not what its caller may not ask", async () => {
    const statusOf = async (requestId: string) =>
      (await read(`requestId=${requestId}`)).entries.map(({ status }) => status)
    const tried = async (method: string, path: string, body?: unknown, headers = {}) => {
      const requestId = crypto.randomUUID()
      const { status } = await send(method, path, body, { "x-request-id": requestId, ...headers })
      return [status, await statusOf(requestId)]
    }
    expect(await tried("DELETE", "/api/admin/keys/999999")).toEqual([404, [404, null]])
    expect(await tried("POST", "/api/admin/keys", { name: "" })).toEqual([400, [400, null]])
    expect(await tried("POST", "/api/admin/keys", "{")).toEqual([400, []])
    expect(await tried("GET", "/api/admin/keys")).toEqual([200, []])
    expect(await tried("DELETE", "/api/admin/keys/1", undefined, { authorization: "Bearer x" })).toEqual([
      401,
      [],
    ])
    const { key } = (await (
      await send("POST", "/api/admin/keys", { name: "reader", scopes: ["read"] })
    ).json()) as { key: string }
    const reader = { authorization: `Bearer ${key}` }
    expect(await tried("DELETE", "/api/admin/keys/1", undefined, reader)).toEqual([403, []])
  })

  test("has who has seen what is hidden otherwise, which administrators may alone", async () => {
    const { id } = await enqueue(email, mail, { delay: 60_000 })
    const path = `/api/admin/jobs/job/email/${id}?reveal=true`
    expect(await (await send("GET", path)).text()).toContain("ana@example.com")
    expect((await read(`target=email/${id}`)).entries).toMatchObject([
      { phase: "done", action: "run.reveal", actor: "admin", status: 200 },
      { phase: "asked", action: "run.reveal" },
    ])
    const made = await send("POST", "/api/admin/keys", { name: "reader", scopes: ["read"] })
    const { key } = (await made.json()) as { key: string }
    const reader = { authorization: `Bearer ${key}` }
    expect((await send("GET", path, undefined, reader)).status).toBe(403)
    const hidden = await send("GET", path.split("?")[0]!, undefined, reader)
    expect([hidden.status, (await hidden.text()).includes("ana@example.com")]).toEqual([200, false])
  })

  test("is read page by page, and is whole", async () => {
    const first = await read("limit=2")
    expect(first.entries).toHaveLength(2)
    const second = await read(`limit=2&before=${first.next}`)
    expect(second.entries[0]!.id).toBe(first.entries[1]!.id - 1)
    expect((await read("action=key.create&to=2020-01-01T00:00:00Z")).entries).toEqual([])
    expect((await read("limit=500")).next).toBeNull()
    for (const query of ["limit=0", "limit=501", "before=x", "from=yesterday", "who=admin"])
      expect([query, (await send("GET", `/api/admin/audit?${query}`)).status]).toEqual([query, 400])
    const verdict = await verifyAuditLog()
    expect(verdict.broken).toBeUndefined()
    expect(verdict.entries).toBeGreaterThan(6)
  })

  test("that cannot be written has nothing changed", async () => {
    const server = new URL(process.env.DATABASE_URL!)
    const proxy = await startProxy(Number(server.port))
    const DATABASE_URL = Object.assign(new URL(server), { host: `127.0.0.1:${proxy.port}` }).href
    const one = await (await startService(runtimes[runtime], { DATABASE_URL })).up()
    const { id } = await enqueue(email, mail, { delay: 60_000 })
    await proxy.stop()
    const refused = await send("POST", `/api/jobs/email/${id}/cancel`, {}, {}, one.url)
    expect([refused.status, await refused.json()]).toEqual([
      503,
      {
        error:
          "Nothing was done: PostgreSQL, which keeps the audit log, does not answer: try again in a moment",
      },
    ])
    expect((await findRun(email, id))?.status).toBe("delayed")
    // What changes nothing, and runs, are asked for as ever.
    expect((await send("GET", `/api/jobs/email/${id}`, undefined, {}, one.url)).status).toBe(200)
    expect((await send("POST", "/api/jobs/email", { data: mail }, {}, one.url)).status).toBe(202)
    await one.stop()
  })
})
