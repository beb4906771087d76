import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { pool } from "../../db/pool.ts"
import { backup } from "../../lib/jobs/backup.ts"
import { queueOf } from "../../lib/queues.ts"
import { backupStorage } from "../../lib/storage/storage.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { back, useOwnStorage, useOwnWorld } from "../../worker/backup/testing.ts"
import { enqueued, tick } from "../../worker/testing.ts"

const authorization = "Bearer est_a_key_for_the_tests"

useOwnWorld()

describe.each(Object.keys(runtimes) as Runtime[])("the routes of backups, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    await useOwnStorage()
    const port = await freePort()
    api = await (
      await startService(runtimes[runtime], { PORT: String(port), APP_URL: `http://127.0.0.1:${port}` })
    ).up()
    api = { ...api, url: `http://127.0.0.1:${port}` }
  })
  beforeEach(async () => {
    await pool()`truncate backups`
    for await (const { key } of backupStorage().list("backups/")) await backupStorage().delete(key)
  })
  afterEach(() => queueOf(backup).obliterate({ force: true }))
  afterAll(() => api.stop())

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetchDescribed(`${api.url}/api/admin/backup${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  const small = { tables: ["markets"] }

  test("start one with the specification's words, which is then made under the run's id", async () => {
    const { status, body } = await call("POST", "/start", { backupType: "full", compress: true, ...small })
    expect([status, body]).toEqual([
      200,
      { message: "Backup iniciado.", jobId: expect.any(String), status: "enqueued" } as never,
    ])
    expect(await enqueued("backup")).toMatchObject([{ id: body.jobId, payload: { type: "full", ...small } }])
    await tick()
    expect(await call("GET", `/${body.jobId}`)).toMatchObject({
      status: 200,
      body: { id: body.jobId, type: "full", status: "completed", tables: ["markets"], encrypted: false },
    })
    expect((await call("POST", "/start")).status).toBe(200)
    expect(await call("POST", "/start", { backupType: "partial", table: "x" })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("backupType") },
    })
  })

  test("list them, the latest first, a page at a time, with size, chain and when they were proven", async () => {
    const first = await back({ type: "full", ...small, compress: false })
    const second = await back({ type: "incremental", ...small })
    await back({ type: "drill" })
    const { body } = await call("GET", "/list?limit=1")
    expect(body).toEqual({
      backups: [
        {
          id: second.backupId,
          type: "incremental",
          status: "completed",
          previousId: first.backupId,
          baseId: first.backupId,
          description: null,
          tables: ["markets"],
          compressed: true,
          encrypted: false,
          rows: second.rows,
          bytes: second.bytes,
          rawBytes: second.rawBytes,
          parts: expect.any(Number),
          files: 0,
          retentionDays: 30,
          startedAt: expect.any(String),
          finishedAt: expect.any(String),
          verifiedAt: expect.any(String),
          restoredAt: expect.any(String),
          restoreSeconds: expect.any(Number),
          error: null,
        },
      ],
      next: second.backupId,
    } as never)
    expect((await call("GET", `/list?before=${second.backupId}`)).body).toMatchObject({
      backups: [{ id: first.backupId, compressed: false, restoredAt: null }],
      next: null,
    })
    expect((await call("GET", "/list?limit=0")).status).toBe(400)
  })

  test("give links to every file of one, which are what its manifest says", async () => {
    const { backupId } = await back({ type: "full", ...small })
    const { body } = await call("GET", `/${backupId}/download`)
    const files = body.files as unknown as { key: string; bytes: number; sha256: string; url: string }[]
    expect(files.map(({ key }) => key)).toContain("manifest.json")
    for (const { key, bytes, sha256, url } of files) {
      const got = await fetch(url)
      expect(got.headers.get("content-disposition")).toContain(backupId)
      const content = new Uint8Array(await got.arrayBuffer())
      if (key === "manifest.json") continue
      expect([content.length, createHash("sha256").update(content).digest("hex")]).toEqual([bytes, sha256])
    }
    const keys = (await Array.fromAsync(backupStorage().list(`backups/${backupId}/`))).map(({ key }) => key)
    expect(keys.sort()).toEqual(files.map(({ key }) => `backups/${backupId}/${key}`).sort())
  })

  test("have one read back", async () => {
    const { backupId } = await back({ type: "full", ...small })
    const { status, body } = await call("POST", `/${backupId}/verify`)
    expect([status, body.status]).toEqual([202, "enqueued" as never])
    expect(await enqueued("backup")).toMatchObject([
      { id: body.jobId, payload: { type: "verify", backupId } },
    ])
  })

  test("delete one, unless it is needed, and say why", async () => {
    const first = await back({ type: "full", ...small })
    const second = await back({ type: "incremental", ...small })
    expect(await call("DELETE", `/${first.backupId}`)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("other backups go on from it") },
    })
    expect(await call("DELETE", `/${second.backupId}`)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("the last that was found whole") },
    })
    await back({ type: "full", ...small, tables: ["migrations"] })
    expect((await call("DELETE", `/${second.backupId}`)).status).toBe(409)
    await back({ type: "full", ...small })
    for (const { backupId } of [second, first])
      expect(await call("DELETE", `/${backupId}`)).toEqual({
        status: 200,
        body: { success: true, message: "Backup excluído." } as never,
      })
    await tick()
    expect(await Array.fromAsync(backupStorage().list(`backups/${first.backupId}/`))).toEqual([])
    expect((await call("GET", `/${first.backupId}`)).status).toBe(404)
    expect((await call("DELETE", `/${first.backupId}`)).status).toBe(404)
  })

  test("know no other, and give nothing of one that is not there", async () => {
    for (const [method, path] of [
      ["GET", "/none"],
      ["GET", "/none/download"],
      ["POST", "/none/verify"],
      ["DELETE", "/none"],
      ["GET", "/%2e%2e"],
    ] as const)
      expect((await call(method, path)).status).toBe(404)
    await pool()`
      insert into backups (id, kind, status, retention_days, compressed, encrypted, error, finished_at)
      values ('gone', 'full', 'failed', 30, true, false, 'x', now())
    `
    expect(await call("GET", "/gone/download")).toMatchObject({
      status: 409,
      body: { error: "The backup gone is failed: there is nothing of it to read" },
    })
    const open = await fetch(`${api.url}/api/admin/backup/list`)
    expect(open.status).toBe(401)
  })
})
