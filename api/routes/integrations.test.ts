import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { findFeed, publishFeed } from "../../db/listing-feeds.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { queueOf } from "../../lib/queues.ts"
import { storage } from "../../lib/storage/storage.ts"
import { createPortal } from "../../sandbox/partners/portal.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const secrets = { feedToken: "the-token-of-the-feed", leadSecret: "the-secret-of-the-leads" }
const hooks = {
  url: "http://127.0.0.1:1/hooks/catch/which-only-we-know",
  signingSecret: `whsec_${Buffer.alloc(32, "signing").toString("base64")}`,
  inboundSecret: "what-comes-in-has-this",
}

const XML = `<?xml version="1.0"?><x>${"é".repeat(1_000)}</x>`

/** The key of the file that the feed of an integration is now. */
async function publishedFeed(id: number) {
  const bytes = new TextEncoder().encode(XML)
  const storageKey = `feeds/${id}/${crypto.randomUUID()}.xml`
  await storage().put(storageKey, bytes)
  const counts = { size: bytes.length, listings: 1, blocked: 0 }
  const feed = { runId: "r", storageKey, sha256: "a".repeat(64), ...counts, changedAt: new Date() }
  await publishFeed(id, feed, pool())
  return storageKey
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
      body: { status: "disabled", enabled: false, jobId: null },
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

  const asked = async () => {
    const rows = await pool()<
      { id: string; data: string }[]
    >`select id, data::text from outbox order by asked_at, id`
    return rows.map(({ id, data }) => ({ id, ...JSON.parse(data) }))
  }

  test("what is made, put right or enabled is exchanged at once, in the transaction that makes it so", async () => {
    const off = await ask("POST", "", {
      ...{ agencyId: home.agencyId, provider: "real-estate-portal", secrets, enabled: false },
    })
    expect(off.body.jobId).toBeNull()
    const { id } = off.body
    const runs = [
      await ask("POST", `/${id}/enable`),
      await ask("PATCH", `/${id}`, { settings: { displayAddress: "All" } }),
    ]
    await pool()`update integrations set reason = 'its portal answers 401'`
    runs.push(await ask("POST", `/${id}/enable`))
    expect((await ask("POST", `/${id}/enable`)).body.jobId).toBeNull()
    runs.push(await ask("POST", "", { agencyId: home.agencyId, provider: "zapier", secrets: hooks }))
    const sync = { agencyId: home.agencyId, action: "sync" }
    expect(await asked()).toEqual(
      runs.map(({ body }) => ({ ...sync, id: body.jobId, provider: body.provider })),
    )
    await ask("POST", `/${id}/disable`)
    await ask("PATCH", `/${id}`, { settings: { displayAddress: "Street" } })
    expect(await asked()).toHaveLength(4)
  })

  describe("with another account there, it begins anew", () => {
    const url = "https://crm.example.com/api"
    const token = "a-key-that-the-crm-knows"
    const known = async (id: number) => {
      const [row] = await pool()`
        select (select count(*)::int from external_refs where agency_id = ${home.agencyId} and provider = integrations.provider) as refs,
          (select count(*)::int from sync_cursors where integration_id = integrations.id) as cursors,
          lease::int, begun_at > created_at as is_anew, last_synced_at is null as is_new
        from integrations where id = ${id}
      `
      return row
    }
    const exchanged = async (provider: string, more: object) => {
      const id = await create(provider, more)
      await pool()`
        insert into external_refs (agency_id, provider, entity, external_id, local_id, origin)
        values (${home.agencyId}, ${provider}, 'lead', 'theirs-1', 1, 'there')
      `
      await pool()`insert into sync_cursors (integration_id, entity, cursor) values (${id}, 'lead', 'where-they-were')`
      await pool()`update integrations set last_synced_at = now() where id = ${id}`
      return id
    }
    const same = { refs: 1, cursors: 1, lease: 0, isAnew: false, isNew: false }
    const anew = { refs: 0, cursors: 0, lease: 1, isAnew: true, isNew: true }

    test.each<[what: string, change: object, becomes: object]>([
      ["another URL", { settings: { url: "https://crm.example.com/other" } }, anew],
      ["the same URL, written otherwise", { settings: { url: "https://CRM.example.com:443/api/" } }, same],
      ["another key", { secrets: { token: "another-key-of-the-same" } }, same],
      ["another key, of another account", { secrets: { token: "another-key-of-another" }, anew: true }, anew],
      ["another URL of the same account", { settings: { url: "https://v2.example.com" }, anew: false }, same],
      ["nothing else", { anew: true }, anew],
    ])("as a CRM's %s", async (_what, change, becomes) => {
      const id = await exchanged("crm", { settings: { url }, secrets: { token } })
      expect(await ask("PATCH", `/${id}`, change)).toMatchObject({ status: 200, body: { status: "ok" } })
      expect(await known(id)).toEqual(becomes)
      expect(await asked()).toHaveLength(2)
    })

    test("and as a webhook's URL, which nobody is told", async () => {
      const id = await exchanged("zapier", {})
      await ask("PATCH", `/${id}`, { secrets: { ...hooks, inboundSecret: "another-than-it-was-before" } })
      expect(await known(id)).toEqual(same)
      await ask("PATCH", `/${id}`, { secrets: { ...hooks, url: "http://127.0.0.1:1/hooks/catch/another" } })
      expect(await known(id)).toEqual(anew)
    })

    test("and is not, as long as what was before cannot be read", async () => {
      const id = await exchanged("zapier", {})
      await pool()`update integrations set secrets = 'v9.' || secrets where id = ${id}`
      expect((await ask("PATCH", `/${id}`, { secrets: hooks })).status).toBe(200)
      expect(await known(id)).toEqual(same)
      expect((await ask("PATCH", `/${id}`, {})).status).toBe(400)
    })
  })

  test("one that is removed leaves what was exchanged, and nothing else", async () => {
    const id = await create()
    const portal = portalOf(id)
    await portal.sendLead({ clientListingId: "AR1002", name: "Ana", originLeadId: "a1" })
    await pool()`insert into sync_cursors (integration_id, entity) values (${id}, 'lead')`
    await publishedFeed(id)
    const feed = () => fetch(`${api.url}/feeds/${slug}/vrsync.xml?token=${secrets.feedToken}`)
    expect((await feed()).status).toBe(200)

    expect(await ask("DELETE", `/${id}`)).toEqual({
      status: 200,
      body: { success: true, message: "The integration is removed" },
    })
    expect((await feed()).status).toBe(401)
    expect(await portal.sendLead({ clientListingId: "AR1002", name: "Bia" })).toEqual([401, 401, 401, 401])
    expect((await leads()).map(({ name }) => name)).toEqual(["Ana"])
    const [left] = await pool()`
      select (select count(*) from external_refs)::int as refs, (select count(*) from sync_cursors)::int as cursors,
        (select count(*) from sync_items)::int as items, (select count(*) from listing_feeds)::int as feeds
    `
    expect(left).toEqual({ refs: 0, cursors: 0, items: 0, feeds: 0 })
    for (const [method, path] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/run"],
      ["POST", "/enable"],
    ] as const)
      expect((await ask(method, `/${id}${path}`, method === "POST" ? {} : undefined)).status).toBe(404)
    const [entry] = await pool()<{ action: string; before: string }[]>`
      select action, before::text from audit_log where phase = 'done' and target = ${`integration:${id}`} order by id desc limit 1
    `
    expect([entry!.action, JSON.parse(entry!.before)]).toMatchObject(["integration.remove", { id }])
    // Made anew, the same lead of the portal is one that it does not know.
    const again = await create()
    expect(again).not.toBe(id)
    expect(
      await portalOf(again).sendLead({ clientListingId: "AR1002", name: "Ana", originLeadId: "a1" }),
    ).toEqual([200])
    expect((await leads()).map(({ name }) => name)).toEqual(["Ana", "Ana"])
  })

  test("what cannot be is refused with why", async () => {
    const wanted = { agencyId: home.agencyId, provider: "real-estate-portal", secrets }
    expect(await ask("POST", "", { ...wanted, agencyId: 999_999 })).toMatchObject({ status: 404 })
    expect(await ask("POST", "", { ...wanted, provider: "acme" })).toMatchObject({
      status: 400,
      body: { details: [{ path: "provider" }] },
    })
    expect(await ask("POST", "", { ...wanted, provider: "salesforce" })).toEqual({
      status: 400,
      body: { error: "Salesforce is known, and nothing is exchanged with it yet" },
    })
    expect(
      await ask("POST", "", { ...wanted, settings: { displayAddress: "Nowhere", more: 1 } }),
    ).toMatchObject({ status: 400 })
    await create()
    expect(await ask("POST", "", wanted)).toMatchObject({ status: 409 })
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
      await pool()`truncate outbox`
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

    const storageKey = await publishedFeed(id)
    const first = await get()
    expect([first.status, first.headers.get("content-type")]).toEqual([200, "application/xml"])
    expect(await first.text()).toBe(XML)
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
