import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { findFeed } from "../../db/listing-feeds.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { queueOf } from "../../lib/queues.ts"
import { createPortal } from "../../sandbox/partners/portal.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const secrets = { feedToken: "the-token-of-the-feed", leadSecret: "the-secret-of-the-leads" }
const hooks = {
  url: "http://127.0.0.1:1/hooks/catch/which-only-we-know",
  signingSecret: `whsec_${Buffer.alloc(32, "signing").toString("base64")}`,
  inboundSecret: "what-comes-in-has-this",
}

let leave: () => Promise<void>
let home: Awaited<ReturnType<typeof letHome>>
let slug: string
beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
beforeEach(async () => {
  await emptyRentals()
  await pool()`truncate outbox`
  home = await letHome()
  const [agency] = await pool()<[{ slug: string }]>`select slug from agencies`
  ;({ slug } = agency!)
})
afterEach(() => queueOf(integrationSync).obliterate({ force: true }))

describe.each(Object.keys(runtimes) as Runtime[])("on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (
      await startService(runtimes[runtime], { ALLOW_PRIVATE_ADDRESSES: "true", LOG_LEVEL: "debug" })
    ).up()
  })
  afterAll(() => api.stop())

  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${api.url}/api/admin/integrations${path}`, {
      method,
      headers: { authorization: `Bearer ${process.env.ADMIN_API_KEY}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  const create = async (provider = "real-estate-portal", more: object = {}) =>
    (
      await ask("POST", "", {
        agencyId: home.agencyId,
        provider,
        secrets: provider === "zapier" ? hooks : secrets,
        ...more,
      })
    ).body.id
  const portalOf = (id: number, secret = secrets.leadSecret) =>
    createPortal({
      feed: `${api.url}/feeds/${slug}/vrsync.xml?token=${secrets.feedToken}`,
      leads: `${api.url}/webhooks/leads/${id}`,
      secret,
    })
  const leads = async () => [
    ...(await pool()`select name, email, phone, message, property_id, assigned_to, source, interest from leads order by id`),
  ]

  test("an integration is made, changed, disabled and enabled; its secrets are told to nobody and written down nowhere", async () => {
    const made = await ask("POST", "", { agencyId: home.agencyId, provider: "real-estate-portal", secrets })
    expect(made).toMatchObject({
      status: 201,
      body: {
        provider: "real-estate-portal",
        status: "ok",
        settings: { displayAddress: "Neighborhood" },
        secretNames: ["feedToken", "leadSecret"],
      },
    })
    const { id } = made.body
    const changed = await ask("PATCH", `/${id}`, {
      settings: { displayAddress: "All" },
      secrets: { ...secrets, feedToken: "another-token-of-it" },
    })
    expect(changed).toMatchObject({ status: 200, body: { settings: { displayAddress: "All" } } })
    expect(await ask("POST", `/${id}/disable`)).toMatchObject({
      body: { status: "disabled", enabled: false },
    })
    await pool()`update integrations set reason = 'CRM answers 401'`
    expect(await ask("POST", `/${id}/enable`)).toMatchObject({ body: { status: "ok", reason: null } })
    expect(await ask("GET", `?agencyId=${home.agencyId}&limit=1`)).toMatchObject({
      body: { integrations: [{ id }], next: null },
    })
    expect(await ask("GET", "?agencyId=999999")).toMatchObject({ body: { integrations: [] } })

    const bad = await ask("PATCH", `/${id}`, { secrets: { ...secrets, leadSecret: "short-secret" } })
    expect(bad).toMatchObject({ status: 400, body: { details: [{ path: "secrets.leadSecret" }] } })
    const hook = await ask("POST", "", { agencyId: home.agencyId, provider: "zapier", secrets: hooks })
    expect(hook).toMatchObject({
      status: 201,
      body: { settings: {}, secretNames: Object.keys(hooks).sort() },
    })
    const known = JSON.stringify([
      hook,
      ...(await Promise.all([ask("GET", `/${id}`), ask("GET", ""), made, changed, bad])),
      ...(await pool()`select before, after, target, action from audit_log`),
      ...(await pool()`select secrets, settings::text, secret_names from integrations`),
      api.output(),
    ])
    for (const secret of [...Object.values({ ...secrets, ...hooks }), "another-token-of-it", "short-secret"])
      expect(known).not.toContain(secret)
    const actions = await pool()<{ action: string }[]>`
      select action from audit_log where phase = 'done' and target = ${`integration:${id}`} order by id desc limit 4
    `
    expect(actions.map(({ action }) => action).reverse()).toEqual([
      "integration.create",
      "integration.update",
      "integration.disable",
      "integration.enable",
    ])
  })

  test("what cannot be is refused with why", async () => {
    const asked = { agencyId: home.agencyId, provider: "real-estate-portal", secrets }
    expect(await ask("POST", "", { ...asked, agencyId: 999_999 })).toMatchObject({ status: 404 })
    expect(await ask("POST", "", { ...asked, provider: "acme" })).toMatchObject({
      status: 400,
      body: { details: [{ path: "provider" }] },
    })
    expect(await ask("POST", "", { ...asked, provider: "salesforce" })).toEqual({
      status: 400,
      body: { error: "Salesforce is known, and nothing is exchanged with it yet" },
    })
    expect(
      await ask("POST", "", { ...asked, settings: { displayAddress: "Nowhere", more: 1 } }),
    ).toMatchObject({ status: 400 })
    await create()
    expect(await ask("POST", "", asked)).toMatchObject({ status: 409 })
    expect(await ask("GET", "/999999")).toMatchObject({ status: 404 })
    expect(await ask("POST", "/x/run", {})).toMatchObject({ status: 404 })
  })

  test("what there is to exchange is exchanged at once", async () => {
    const id = await create()
    const run = await ask("POST", `/${id}/run`, { action: "push" })
    expect(run).toMatchObject({ status: 202, body: { queue: "integration-sync", status: "enqueued" } })
    const [queued] = await queueOf(integrationSync).getJobs()
    expect(queued).toMatchObject({
      id: run.body.jobId,
      name: "sync-real-estate-portal",
      data: { agencyId: home.agencyId, action: "push" },
    })
    expect(await ask("POST", `/${id}/run`, { entityId: 3 })).toMatchObject({ status: 400 })
    expect(await ask("GET", `/${id}/items`)).toMatchObject({ body: { items: [], next: null } })
    expect(await ask("GET", `/${id}/blocked`)).toMatchObject({ body: { publishedAt: null, items: [] } })
  })

  describe("a lead of a portal", () => {
    const person = {
      clientListingId: "AR1002",
      name: "Ana Moreira",
      email: "Ana@Example.com",
      ddd: "44",
      phone: "99912-3456",
      message: "Oi 😀 ]]>",
    }

    test("is kept with its property, somebody looks after it, and it is told on: once, however often it comes", async () => {
      const [broker] = await pool()<[{ id: number }]>`
        insert into users (agency_id, name, email, password_hash, role)
        values (${home.agencyId}, 'Camila', ${`${crypto.randomUUID()}@araucaria.example`}, 'none', 'broker') returning id
      `
      const id = await create()
      const zapier = await create("zapier")
      const portal = portalOf(id)
      const lead = { ...person, originLeadId: "59ee0fc6e4b043e1b2a6d863", leadOrigin: "Zap" }
      const answers = await Promise.all([1, 2, 3, 4].map(() => portal.sendLead(lead)))
      expect(answers).toEqual([[200], [200], [200], [200]])
      expect(await leads()).toEqual([
        {
          ...{ name: "Ana Moreira", email: "ana@example.com", phone: "+5544999123456", message: "Oi 😀 ]]>" },
          ...{
            propertyId: home.propertyId,
            assignedTo: broker!.id,
            source: "zapimoveis",
            interest: "aluguel",
          },
        },
      ])
      const asked = await pool()<
        { queue: string; name: string; data: string }[]
      >`select queue, name, data::text from outbox order by queue`
      expect(asked.map(({ queue, data }) => [queue, JSON.parse(data)])).toMatchObject([
        [
          "email",
          { template: "property-inquiry", data: { leadName: "Ana Moreira", leadPhone: "+5544999123456" } },
        ],
        ["integration-sync", { provider: "zapier", action: "push", entityType: "lead" }],
        ["notification", { userId: [broker!.id], title: "Novo contato", category: "lead" }],
      ])
      expect(zapier).toBeGreaterThan(0)
      expect(await ask("GET", `/${id}/items?outcome=created`)).toMatchObject({
        body: { items: [{ item: "59ee0fc6e4b043e1b2a6d863", runId: null }] },
      })
    })

    test("about a listing that is not known here is kept without a property, and nothing is ever answered 404", async () => {
      const id = await create()
      const portal = portalOf(id)
      expect(await portal.sendLead({ ...person, clientListingId: "ZZ-9" })).toEqual([200])
      expect(await leads()).toMatchObject([{ name: "Ana Moreira", propertyId: null, interest: null }])
      expect(await ask("GET", `/${id}/items`)).toMatchObject({
        body: { items: [{ reasons: ["no property here has the code ZZ-9"] }] },
      })

      const { clientListingId: _, ...without } = person
      expect(await portal.sendLead(without)).toEqual([400, 400, 400, 400])
      expect(await portal.sendLead({ clientListingId: "AR1002" })).toEqual([400, 400, 400, 400])
      for (const wrong of [
        portalOf(id, "another-secret-than-it-has"),
        portalOf(999_999),
        portalOf(0),
        portalOf("x%00" as never),
      ])
        expect(await wrong.sendLead(person)).toEqual([401, 401, 401, 401])
      await ask("POST", `/${id}/disable`)
      expect(await portal.sendLead(person)).toEqual([403, 403, 403, 403])
      expect(portal.isTakenOff()).toBe(false)
      expect(await leads()).toHaveLength(1)
    })

    test("is worth more than its form: what is odd about it is kept as well as may be", async () => {
      const portal = portalOf(await create())
      expect(
        await portal.sendLead({
          ...person,
          name: null,
          email: "nowhere at all",
          ddd: null,
          phone: "ramal 12",
          clientListingId: 1002,
        }),
      ).toEqual([200])
      expect(
        await portal.sendLead({
          clientListingId: "AR1002",
          email: "x@example.com",
          name: 7,
          extraData: { a: [1] },
          leadType: "VISIT",
        }),
      ).toEqual([200])
      expect(await leads()).toMatchObject([
        {
          name: "nowhere at all",
          email: null,
          phone: "ramal 12",
          message: "Oi 😀 ]]>\n\nE-mail: nowhere at all",
        },
        { name: "7", email: "x@example.com" },
      ])
    })

    test("is refused when it is no JSON, too large, or comes with no secret", async () => {
      const id = await create()
      const send = async (body: string, headers: Record<string, string> = {}) =>
        (
          await fetch(`${api.url}/webhooks/leads/${id}`, {
            method: "POST",
            body,
            headers: {
              authorization: `Basic ${Buffer.from(`vivareal:${secrets.leadSecret}`).toString("base64")}`,
              "content-type": "application/json",
              ...headers,
            },
          })
        ).status
      expect(await send("{")).toBe(400)
      expect(await send("null")).toBe(400)
      expect(await send("{}", { "content-type": "text/plain" })).toBe(415)
      expect(await send(`{"name":"${"x".repeat(70_000)}"}`)).toBe(413)
      expect(await send('{"clientListingId":"AR\\u0000","name":"Ana"}')).toBe(400)
      for (const authorization of [
        "",
        "Basic",
        "Basic !!!",
        "Bearer x",
        `Basic ${Buffer.from("vivareal:").toString("base64")}`,
      ])
        expect(await send("{}", { authorization })).toBe(401)
    })
  })

  test("what comes from a webhook has its secret or is signed, and is kept once", async () => {
    const { Webhook } = await import("standardwebhooks")
    const id = await create("zapier")
    const body = JSON.stringify({ id: "z1", name: "Bia", email: "bia@example.com", propertyCode: "AR1002" })
    const send = async (headers: Record<string, string>, text = body) => {
      const sent = { method: "POST", body: text, headers: { "content-type": "application/json", ...headers } }
      return (await fetch(`${api.url}/webhooks/leads/${id}`, sent)).status
    }
    const at = new Date()
    const signed = (text: string) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": new Webhook(hooks.signingSecret).sign("msg_1", at, text),
    })
    expect(await send({ authorization: `Bearer ${hooks.inboundSecret}` })).toBe(200)
    expect(await send(signed(body))).toBe(200)
    expect(await send(signed(body), body.replace("Bia", "Eva"))).toBe(401)
    expect(await send({ authorization: "Bearer another-secret-than-it-has" })).toBe(401)
    expect(await send({})).toBe(401)
    expect(await send(signed('{"id":"z2"}'), '{"id":"z2"}')).toBe(400)
    expect(await leads()).toMatchObject([{ name: "Bia", propertyId: home.propertyId }])
  })

  test("a feed is for who has its token, and is sent again only when it has changed", async () => {
    const id = await create()
    const get = (
      path = `${slug}/vrsync.xml?token=${secrets.feedToken}`,
      headers: Record<string, string> = {},
      method = "GET",
    ) => fetch(`${api.url}/feeds/${path}`, { method, headers })
    expect((await get()).status).toBe(503)
    for (const path of [
      `${slug}/vrsync.xml`,
      `${slug}/vrsync.xml?token=x`,
      "nobody/vrsync.xml?token=x",
      "%00/vrsync.xml?token=x",
    ])
      expect([path, (await get(path)).status]).toEqual([path, 401])

    const { storage } = await import("../../lib/storage/storage.ts")
    const { publishFeed } = await import("../../db/listing-feeds.ts")
    const xml = `<?xml version="1.0"?><x>${"é".repeat(1_000)}</x>`
    const bytes = new TextEncoder().encode(xml)
    const storageKey = `feeds/${id}/${crypto.randomUUID()}.xml`
    await storage().put(storageKey, bytes)
    await publishFeed(
      id,
      {
        runId: "r",
        storageKey,
        sha256: "a".repeat(64),
        size: bytes.length,
        listings: 1,
        blocked: 0,
        changedAt: new Date(),
      },
      pool(),
    )

    const first = await get()
    expect([first.status, first.headers.get("content-type")]).toEqual([200, "application/xml"])
    expect(await first.text()).toBe(xml)
    const [etag, modified] = [first.headers.get("etag")!, first.headers.get("last-modified")!]
    const status = async (headers: Record<string, string>) => (await get(undefined, headers)).status
    expect(await status({ "if-none-match": etag })).toBe(304)
    expect(await status({ "if-none-match": `"x", W/${etag}` })).toBe(304)
    expect(await status({ "if-none-match": '"x"', "if-modified-since": modified })).toBe(200)
    expect(await status({ "if-modified-since": modified })).toBe(304)
    expect(await status({ "if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT" })).toBe(200)
    expect(await status({ "if-modified-since": "no date" })).toBe(200)
    const head = await get(undefined, {}, "HEAD")
    expect([head.status, head.headers.get("etag")]).toEqual([200, etag])
    expect((await findFeed(id))?.storageKey).toBe(storageKey)

    await storage().delete(storageKey)
    expect((await get()).status).toBe(503)
    await ask("POST", `/${id}/disable`)
    expect((await get()).status).toBe(403)
  })
})
