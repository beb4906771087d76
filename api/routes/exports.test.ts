import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { v7 as uuidv7 } from "uuid"
import { pool } from "../../db/pool.ts"
import { exportLink } from "../../lib/exports/link.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { fetchDescribed } from "../../sandbox/openapi/described.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const CONTENT = "id;name\n1;Café\n"

/** An export that has been made, of tables or of a person. */
async function makeExport(of: "tables" | "subject") {
  const runId = uuidv7()
  const fileKey = `exports/${runId}/products.csv`
  await exportStorage().put(fileKey, new TextEncoder().encode(CONTENT))
  const person = of === "subject"
  const [row] = await pool()`
    insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at, status, file_key,
      filename, file_size, sha256, files, rows, completed_at, expires_at)
    values (${runId}, ${of}, ${person ? "renter" : null}, ${person ? 7 : null}, ${person ? "ana@example.com" : null}, 'csv', now(),
      ${person ? new Date() : null}, 'completed', ${fileKey}, 'products.csv', ${CONTENT.length}, ${"0".repeat(64)}, 1, 1, now(),
      now() + interval '7 days')
    returning *
  `
  return row as unknown as { id: number; runId: string; fileKey: string; filename: string; expiresAt: Date }
}

const row = async (id: number) => (await pool()`select * from exports where id = ${id}`)[0]!
const accesses = (id: number) =>
  pool()`select action, subject_type, subject_id, host(address) as address, user_agent from access_logs where export_id = ${id} order by id`

describe.each(Object.keys(runtimes) as Runtime[])("exports, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterAll(() => api.stop())

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetchDescribed(`${api.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${process.env.ADMIN_API_KEY}`, ...init.headers },
    })
    return [response.status, await response.json()]
  }
  const follow = (link: string, headers: Record<string, string> = {}) =>
    fetch(api.url + new URL(link).pathname, { headers: { "user-agent": "test/1", ...headers } })

  test("are listed and told without addresses, and a link to one that went to nobody is made", async () => {
    const made = await makeExport("tables")
    const [status, listed] = await call("/api/admin/exports?limit=1")
    expect([status, listed.exports]).toMatchObject([
      200,
      [
        {
          id: made.id,
          jobId: made.runId,
          content: "tables",
          status: "completed",
          mailed: false,
          downloads: 0,
        },
      ],
    ])
    expect(await call(`/api/admin/exports/${made.id}`)).toEqual([200, listed.exports[0]])
    const [linked, { downloadUrl }] = await call(`/api/admin/exports/${made.id}/link`, { method: "POST" })
    expect(linked).toBe(200)
    expect(await (await follow(downloadUrl)).text()).toBe(CONTENT)
    expect(
      (await call(`/api/admin/exports?before=${made.id}`))[1].exports.map(({ id }: { id: number }) => id),
    ).not.toContain(made.id)
  })

  test("what went to a person is linked for nobody else, and what there is not is not there", async () => {
    const made = await makeExport("subject")
    const [status, { error }] = await call(`/api/admin/exports/${made.id}/link`, { method: "POST" })
    expect([status, error]).toEqual([
      403,
      `Forbidden: the link to export ${made.id} was mailed, and is for nobody else`,
    ])
    expect(JSON.stringify(await call(`/api/admin/exports/${made.id}`))).not.toContain("ana@example.com")
    expect((await call("/api/admin/exports/999999999"))[0]).toBe(404)
    expect((await call("/api/admin/exports/x"))[0]).toBe(404)
    expect((await call("/api/admin/exports?limit=0"))[0]).toBe(400)
  })

  test("each download is counted and noted with who fetched it, and parts of one are noted", async () => {
    const made = await makeExport("subject")
    const link = exportLink(made)
    expect(await (await follow(link)).text()).toBe(CONTENT)
    expect((await follow(link, { range: "bytes=0-3" })).status).toBe(206)
    expect(await (await follow(link, { range: "bytes=3-" })).text()).toBe(
      new TextDecoder().decode(new TextEncoder().encode(CONTENT).slice(3)),
    )
    expect((await row(made.id)).downloads).toBe(2)
    const noted = await accesses(made.id)
    expect([...noted]).toEqual(
      Array.from({ length: 3 }, () => ({
        action: "export.downloaded",
        subjectType: "renter",
        subjectId: 7,
        address: expect.stringMatching(/^127\.0\.0\.1$|^::1$/),
        userAgent: "test/1",
      })),
    )
  })

  test("one that has expired is not to be had, though its file and its link be there", async () => {
    const made = await makeExport("tables")
    const link = exportLink(made)
    await pool()`update exports set expires_at = now() where id = ${made.id}`
    const response = await follow(link)
    expect([response.status, (await response.json()).error]).toEqual([
      404,
      "The file of this link is no longer kept",
    ])
    expect((await row(made.id)).downloads).toBe(0)
    await pool()`update exports set status = 'expired' where id = ${made.id}`
    expect((await call(`/api/admin/exports/${made.id}/link`, { method: "POST" }))[0]).toBe(409)
  })
})
