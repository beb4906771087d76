import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { beginChunk, settleChunk } from "../../db/email-messages.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { queueBulkEmail } from "../../lib/producers.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
})
afterAll(() => goBack())

const news = { template: "newsletter" as const, data: { title: "News", paragraphs: ["All is well"] } }

describe.each(Object.keys(runtimes) as Runtime[])("mailings on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime], { LOG_LEVEL: "error" })).up()
  })
  afterAll(() => api.stop())

  async function ask(method: string, path: string, body?: unknown) {
    const response = await fetch(`${api.url}/api/admin/mailings${path}`, {
      method,
      headers: { authorization: `Bearer ${process.env.ADMIN_API_KEY}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: what it says is what is looked at.
    return { status: response.status, said: (await response.json()) as any }
  }
  const create = (over: object = {}) => ask("POST", "", { ...news, ...over })

  test("one is put down, takes recipients until it is started, and tells how far it is", async () => {
    const { status, said: mailing } = await create({ perMinute: 60 })
    expect(status).toBe(201)
    expect(mailing).toMatchObject({ status: "draft", list: "newsletter", recipients: 0, createdBy: "admin" })
    expect(JSON.stringify(mailing)).not.toContain("All is well")
    const path = `/${mailing.id}`
    expect(await ask("POST", `${path}/start`)).toMatchObject({
      status: 409,
      said: { error: `Mailing ${mailing.id} has no recipients: add some before it is started` },
    })
    const recipients = ["ana@example.com", "bia@example.com", "ANA@example.com"].map((to) => ({ to }))
    expect((await ask("POST", `${path}/recipients`, { recipients })).said).toEqual({
      added: 2,
      duplicates: 1,
    })
    expect((await ask("POST", `${path}/recipients`, { recipients })).said).toEqual({
      added: 0,
      duplicates: 3,
    })
    expect(await ask("POST", `${path}/start`, {})).toMatchObject({
      status: 200,
      said: { success: true, status: "sending", recipients: 2 },
    })
    expect((await ask("POST", `${path}/recipients`, { recipients })).status).toBe(409)
    expect((await ask("GET", path)).said).toMatchObject({
      status: "sending",
      recipients: 2,
      percentage: 0,
      outcomes: { waiting: 2 },
      opened: 0,
    })
    expect((await ask("POST", `${path}/cancel`, { reason: "a mistake" })).said).toMatchObject({
      status: "cancelled",
    })
    expect((await ask("GET", path)).said).toMatchObject({
      decidedBy: "admin",
      reason: "a mistake",
      percentage: 100,
      outcomes: { cancelled: 2 },
    })
    expect((await ask("POST", `${path}/resume`, {})).status).toBe(409)
    const [entry] = await pool()`
      select actor, target, before::text, after::text from audit_log
      where action = 'mailing.cancel' and phase = 'done' and target = ${`mailing:${mailing.id}`}
    `
    expect(entry).toMatchObject({ actor: "admin", before: expect.stringContaining("sending") })
  })

  test("a page of recipients has what became of each, their addresses whole for admins alone", async () => {
    const { said: mailing } = await create()
    const recipients = ["a", "b", "c"].map((name) => ({ to: `${name}.lima@example.com` }))
    await ask("POST", `/${mailing.id}/recipients`, { recipients })
    await pool()`update mailing_recipients set chunk = 0 where mailing_id = ${mailing.id} and email like 'b%'`
    const runId = `mailing/${mailing.id}/0`
    const letters = [{ recipient: "b.lima@example.com", locale: "en", subject: "News" }]
    await beginChunk({ runId, chunk: 0, template: "newsletter", letters, mailingId: mailing.id })
    const refused = [
      { recipient: "b.lima@example.com", providerId: null, error: "no such address as b.lima@example.com" },
    ]
    await pool().begin((tx) => settleChunk(runId, refused, tx))
    const look = async (query: string) => (await ask("GET", `/${mailing.id}/recipients?${query}`)).said
    const first = await look("limit=2")
    expect(first.recipients).toMatchObject([
      { to: "a***@example.com", outcome: "waiting", error: null },
      { to: "b***@example.com", outcome: "refused", error: "no such address as b***@example.com" },
    ])
    expect(await look(`limit=2&cursor=${first.next}`)).toMatchObject({
      recipients: [{ to: "c***@example.com" }],
      next: null,
    })
    expect((await look("outcome=refused&reveal=true")).recipients).toMatchObject([
      { to: "b.lima@example.com" },
    ])
    expect((await look("cursor=nonsense")).error).toContain("cursor")
  })

  test("asked for again under its key it is the same, and another one is refused", async () => {
    const key = crypto.randomUUID()
    const first = await create({ key })
    expect(await create({ key })).toEqual({ status: 200, said: first.said })
    expect(await create({ key, data: { ...news.data, title: "Other news" } })).toMatchObject({ status: 409 })
  })

  test("refuses what a template does not take, with the path of it, and adds nobody", async () => {
    expect((await create({ data: { title: 5 } })).said.details).toMatchObject([{ path: "data.title" }])
    expect((await create({ template: "welcome", data: {}, list: "x" })).said.details).toMatchObject([
      { path: "list" },
    ])
    expect((await create({ agencyId: 999_999 })).said.details).toMatchObject([{ path: "agencyId" }])
    expect((await create({ list: "No list" })).status).toBe(400)
    const { said: mailing } = await ask("POST", "", { template: "welcome" })
    const recipients = [{ to: "ana@example.com", data: { userName: "Ana" } }, { to: "bia@example.com" }]
    expect((await ask("POST", `/${mailing.id}/recipients`, { recipients })).said.details).toMatchObject([
      { path: "recipients.1.data.userName" },
    ])
    const wrong = [{ to: "ana", data: { userName: "Ana" } }]
    expect(
      (await ask("POST", `/${mailing.id}/recipients`, { recipients: wrong })).said.details,
    ).toMatchObject([{ path: "recipients.0.to" }])
    const many = Array.from({ length: 1_001 }, (_, at) => ({
      to: `a${at}@example.com`,
      data: { userName: "A" },
    }))
    expect((await ask("POST", `/${mailing.id}/recipients`, { recipients: many })).status).toBe(400)
    expect((await ask("GET", `/${mailing.id}`)).said).toMatchObject({ recipients: 0, outcomes: {} })
    for (const id of ["0", "x", "99999999999999999999"]) expect((await ask("GET", `/${id}`)).status).toBe(404)
  })

  test("the helper adds very many a thousand at a time, each once, and starts it", async () => {
    async function* recipients() {
      for (let at = 0; at < 2_300; at++) {
        yield { to: `p${at}@${runtime}.example.com`, data: { userName: `Nº ${at}` } }
        if (at % 10 === 0) yield { to: `P${at}@${runtime}.example.com` }
      }
    }
    const settings = { url: api.url, key: process.env.ADMIN_API_KEY! }
    const queued = await queueBulkEmail({ ...news, perMinute: 1 }, recipients(), settings)
    expect(queued).toMatchObject({ recipients: 2_300, status: "sending" })
    expect((await ask("GET", `/${queued.id}`)).said).toMatchObject({ outcomes: { waiting: 2_300 } })
    const untitled = { template: "welcome" } as const
    // @ts-expect-error a welcome has no title
    const wrong = queueBulkEmail(untitled, [{ to: "ana@example.com", data: { title: "x" } }], settings)
    await expect(wrong).rejects.toThrow("recipients.0.data.userName")
    await ask("POST", `/${queued.id}/cancel`, {})
  })
})
