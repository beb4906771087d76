import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import {
  beginAnew,
  deleteIntegration,
  findIntegration,
  type Integration,
  updateIntegration,
} from "../../db/integrations.ts"
import { pool } from "../../db/pool.ts"
import { takeInbound } from "../../db/sync/inbound.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import { type Partners, startPartners } from "../../sandbox/partners/simulator.ts"
import { integrate, itemsOf, leadsOf } from "../sync/testing.ts"
import { perform, testRun } from "../testing.ts"

let leave: () => Promise<void>
let partners: Partners
let home: Awaited<ReturnType<typeof letHome>>
let agencyId: number
let integration: Integration

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
beforeEach(async () => {
  process.env.ALLOW_PRIVATE_ADDRESSES = "true"
  await emptyRentals()
  await pool()`truncate outbox`
  home = await letHome()
  ;({ agencyId } = home)
  partners = startPartners({ pageSize: 3 })
})
afterEach(async () => {
  delete process.env.ALLOW_PRIVATE_ADDRESSES
  await partners.stop()
})

const withCrm = async () => {
  integration = await integrate(agencyId, "crm", partners)
}
const withHooks = async () => {
  integration = await integrate(agencyId, "zapier", partners)
}
const sync = (more: object = {}, run = testRun()) =>
  perform(
    "integration-sync",
    { agencyId, provider: integration.provider, action: "sync", ...more } as never,
    run,
  )
const none = { created: 0, updated: 0, deleted: 0, kept: 0, blocked: 0, failed: 0 }
const person = (name: string, more: object = {}) => ({
  name,
  email: `${name.toLowerCase().replaceAll(" ", ".")}@example.com`,
  ...more,
})
/** A CRM that tells of a lead once it is let. */
function crmThatWaits() {
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch() {
      asked.resolve()
      await gate.promise
      return Response.json({ items: [{ id: "late-1", name: "Late" }], nextCursor: null })
    },
  })
  return {
    url: server.url.origin,
    met: asked.promise,
    release: gate.resolve,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}
const names = async () => (await leadsOf(agencyId)).map(({ name }) => name)

describe("a pull", () => {
  beforeEach(withCrm)

  test("fetches all there is page by page, and later only what has changed", async () => {
    for (const name of ["Ana", "Bia", "Caio", "Davi", "Eva", "Fábio", "Gil"]) partners.crm.put(person(name))
    partners.crm.put(person("Hugo", { propertyCode: "AR1002", interest: "aluguel", phone: "+5544999990000" }))
    expect(await sync({ action: "pull" })).toMatchObject({
      status: "done",
      pulled: { ...none, created: 8 },
      pushed: none,
    })
    expect(await names()).toEqual(["Ana", "Bia", "Caio", "Davi", "Eva", "Fábio", "Gil", "Hugo"])
    expect((await leadsOf(agencyId)).at(-1)).toMatchObject({
      propertyId: home.propertyId,
      interest: "aluguel",
    })
    expect(partners.crm.requests).toHaveLength(3)

    expect(await sync({ action: "pull" })).toMatchObject({ pulled: none })
    expect(partners.crm.requests).toHaveLength(4)
    partners.crm.put(person("Beatriz"), "crm-2")
    partners.crm.remove("crm-4")
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: { ...none, updated: 1, deleted: 1 } })
    expect(await names()).toEqual(["Ana", "Beatriz", "Caio", "Eva", "Fábio", "Gil", "Hugo"])
  })

  test("touches nothing that is as it was, however often it is told", async () => {
    partners.crm.put(person("Ana"))
    await sync({ action: "pull" })
    const before = await pool()`select xmin::text, * from leads`
    partners.crm.put(person("Ana"), "crm-1")
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: none })
    expect([...(await pool()`select xmin::text, * from leads`)]).toEqual([...before])
  })

  test("keeps a page and where the next begins together, or neither", async () => {
    for (const name of ["Ana", "Bia", "Caio", "Davi"]) partners.crm.put(person(name))
    await pool()`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'no cursor'; end $$
    `.simple()
    await pool()`create trigger refuse before insert or update on sync_cursors for each row execute function refuse()`
    await expect(sync({ action: "pull" })).rejects.toThrow("no cursor")
    expect(await names()).toEqual([])
    expect(await itemsOf(integration.id)).toHaveLength(0)
    await pool()`drop function refuse cascade`
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: { created: 4 } })
  })

  test("goes on from the page where it was stopped", async () => {
    for (const name of ["Ana", "Bia", "Caio", "Davi", "Eva"]) partners.crm.put(person(name))
    const run = testRun()
    const stopping = new AbortController()
    const held = { ...run, signal: stopping.signal }
    let pages = 0
    held.progress = () => {
      pages += 1
      stopping.abort(new Error("stopped"))
    }
    await expect(sync({ action: "pull" }, held)).rejects.toThrow("stopped")
    expect(pages).toBe(1)
    expect(await names()).toEqual(["Ana", "Bia", "Caio"])
    await sync({ action: "pull" }, run)
    expect(await names()).toEqual(["Ana", "Bia", "Caio", "Davi", "Eva"])
    expect(partners.crm.requests.at(-1)).toContain("page=p3-5")
  })

  test("begins anew at 410, and takes for gone what is there no longer", async () => {
    for (const name of ["Ana", "Bia", "Caio", "Davi"]) partners.crm.put(person(name))
    await sync({ action: "pull" })
    partners.crm.remove("crm-2")
    partners.crm.put(person("Eva"))
    partners.crm.store.forget()
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: { ...none, created: 1, deleted: 1 } })
    expect(await names()).toEqual(["Ana", "Caio", "Davi", "Eva"])
    // What is gone is gone for good, and comes back only if it does there.
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: none })
  })

  test("deletes nothing because of a list that lacks most of what there was", async () => {
    for (let index = 0; index < 30; index += 1) partners.crm.put(person(`Lead${index}`))
    await sync({ action: "pull" })
    for (const item of partners.crm.store.of("leads").slice(2)) partners.crm.remove(item.id)
    partners.crm.store.forget()
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: { ...none, kept: 28 } })
    expect(await names()).toHaveLength(30)
  })

  test("keeps what is wrong with an item, and goes on with the others", async () => {
    const hostile = [
      person("Ana"),
      { name: 7, email: "x@example.com" },
      { email: "x@example.com" },
      person("Bia", { email: "no address" }),
      person("Caio", { message: "a\0b" }),
      person("x".repeat(400)),
      person("'; drop table leads; --", { email: null, message: "\u202eRTL 😀 ]]> \ud800" }),
    ]
    for (const item of hostile) partners.crm.put(item as never)
    expect(await sync({ action: "pull" })).toMatchObject({ pulled: { ...none, created: 2, failed: 5 } })
    expect(await names()).toEqual(["Ana", "'; drop table leads; --"])
    const failed = (await itemsOf(integration.id)).filter(({ outcome }) => outcome === "failed")
    expect(failed.every(({ reasons }) => reasons.length === 1 && reasons[0]!.length <= 500)).toBe(true)
  })

  test("keeps what is of nobody else: of another agency nothing is seen or changed", async () => {
    const other = await letHome({ agency: { name: "Outra", cnpj: "30917548000161" } })
    const [theirs] = await pool()<[{ id: number }]>`
      insert into leads (agency_id, name, source) values (${other.agencyId}, 'Alheia', 'site') returning id
    `
    partners.crm.put(person("Ana", { propertyCode: "AR1002" }))
    await sync()
    expect((await leadsOf(agencyId))[0]?.propertyId).toBe(home.propertyId)
    expect(partners.crm.store.of("leads").map(({ data }) => data.name)).toEqual(["Ana"])
    await expect(sync({ entityType: "lead", entityId: theirs.id, action: "pull" })).rejects.toThrow(
      "does not know of lead",
    )
    expect(await sync({ entityType: "lead", entityId: theirs.id, action: "push" })).toMatchObject({
      pushed: none,
    })
  })
})

describe("an exchange both ways", () => {
  beforeEach(withCrm)

  test("tells what is here, and does not hear it again as news", async () => {
    await pool()`insert into leads (agency_id, name, email, source) values (${agencyId}, 'Rui', 'rui@example.com', 'site')`
    partners.crm.put(person("Ana"))
    expect(await sync()).toMatchObject({ pulled: { created: 1 }, pushed: { ...none, created: 3 } })
    expect(partners.crm.effects.map(({ what, collection }) => `${what} ${collection}`)).toEqual([
      "created leads",
      "created properties",
      "created contracts",
    ])
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
    expect(await leadsOf(agencyId)).toHaveLength(2)

    await pool()`update leads set phone = '+5544988887777', contacted_at = now() where name = 'Rui'`
    expect(await sync()).toMatchObject({ pulled: none, pushed: { ...none, updated: 1 } })
    expect(partners.crm.store.find("leads", "crm-2")?.data).toMatchObject({
      phone: "+5544988887777",
      stage: "contacted",
    })
    await pool()`delete from leads where name = 'Rui'`
    expect(await sync()).toMatchObject({ pulled: none, pushed: { ...none, deleted: 1 } })
    expect(partners.crm.store.find("leads", "crm-2")?.deleted).toBe(true)
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
  })

  test("of what both have changed, the side that it comes from is right; how far a lead has come is said here alone", async () => {
    partners.crm.put(person("Ana"))
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    await sync()
    await pool()`update leads set name = name || ' daqui', contacted_at = now()`
    partners.crm.put(person("Ana de lá"), "crm-1")
    partners.crm.put(person("Rui de lá"), "crm-2")
    const result = await sync()
    expect(result).toMatchObject({ pulled: { ...none, updated: 1, kept: 1 }, pushed: { updated: 2 } })
    expect((await names()).sort()).toEqual(["Ana de lá", "Rui daqui"])
    expect(partners.crm.store.of("leads").map(({ data }) => [data.name, data.stage])).toEqual([
      ["Ana de lá", "contacted"],
      ["Rui daqui", "contacted"],
    ])
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
  })

  test("what is deleted there stays here if it comes from here or was changed, and is exchanged no longer", async () => {
    partners.crm.put(person("Ana"))
    partners.crm.put(person("Bia"))
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    await sync()
    await pool()`update leads set visited_at = now() where name = 'Bia'`
    for (const id of ["crm-1", "crm-2", "crm-3"]) partners.crm.remove(id)
    expect(await sync()).toMatchObject({ pulled: { ...none, deleted: 1, kept: 2 }, pushed: none })
    expect((await names()).sort()).toEqual(["Bia", "Rui"])
    await pool()`update leads set name = name || ' Maria'`
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
    // Undeleted there, they are exchanged again.
    partners.crm.put(person("Bia"), "crm-2")
    await sync()
    expect(partners.crm.store.find("leads", "crm-2")?.data.stage).toBe("visit")
  })

  test("tells one thing alone, or fetches it", async () => {
    partners.crm.put(person("Ana"))
    await sync({ action: "pull" })
    const [ana] = await leadsOf(agencyId)
    partners.crm.put(person("Ana Clara"), "crm-1")
    partners.crm.put(person("Zoé"))
    expect(await sync({ action: "pull", entityType: "lead", entityId: ana!.id })).toMatchObject({
      pulled: { updated: 1 },
    })
    expect(await names()).toEqual(["Ana Clara"])
    expect(await sync({ action: "push", entityType: "property", entityId: home.propertyId })).toMatchObject({
      pushed: { ...none, created: 1 },
    })
    expect(partners.crm.store.of("leads")).toHaveLength(2)
  })
})

describe("a partner that", () => {
  beforeEach(withCrm)

  test("does not let us in puts the integration in error, and is left alone until it is enabled again", async () => {
    partners.crm.token = "another-key-than-before"
    const failed = await sync().catch((error) => error)
    expect(failed).toBeInstanceOf(PermanentError)
    expect(failed.message).toContain("CRM answers 401")
    expect(await findIntegration(integration.id)).toMatchObject({
      status: "error",
      reason: expect.stringContaining("401"),
    })
    const told = await pool()<{ data: string }[]>`select data::text from outbox where queue = 'notification'`
    expect(told.map(({ data }) => JSON.parse(data))).toMatchObject([
      { userId: [home.userId], type: "error", title: "Integração parada: CRM" },
    ])
    const asked = partners.crm.requests.length
    expect(await sync()).toMatchObject({ status: "skipped", reason: expect.stringContaining("in error") })
    expect(partners.crm.requests).toHaveLength(asked)
    partners.crm.token = partners.crmToken
    await updateIntegration(integration.id, { enabled: true })
    expect(await sync()).toMatchObject({ status: "done" })
  })

  test("asks to wait is waited for", async () => {
    partners.crm.fail({ times: 1, status: 429, headers: { "retry-after": "90" } })
    expect(await sync().catch((error) => error)).toMatchObject({ name: "RetryLater", delay: 90_000 })
    partners.crm.fail({
      times: 1,
      status: 503,
      headers: { "retry-after": new Date(Date.now() + 60_000).toUTCString() },
    })
    const later = (await sync().catch((error) => error)) as RetryLater
    expect(later).toBeInstanceOf(RetryLater)
    expect(later.delay).toBeGreaterThan(50_000)
    expect(await findIntegration(integration.id)).toMatchObject({ status: "ok" })
  })

  test.each([
    [{ status: 500 }, "CRM answers 500"],
    [{ mode: "reset" as const }, "CRM does not answer"],
    [{ mode: "truncated" as const }, "something other than JSON"],
    [{ mode: "no-json" as const }, "something other than JSON"],
    [{ mode: "huge" as const }, "more than 4194304 bytes"],
    [{ mode: "wrong-types" as const }, "The CRM's page is none"],
    [{ status: 307, headers: { location: "http://127.0.0.1:1/" } }, "CRM answers 307"],
  ])("fails with %j leaves the run to be tried again", async (failure, said) => {
    partners.crm.put(person("Ana"))
    partners.crm.fail({ times: 1, at: /GET/, ...failure })
    const error = await sync().catch((thrown) => thrown)
    expect(error.message).toContain(said)
    expect(error).not.toBeInstanceOf(PermanentError)
    expect(await sync()).toMatchObject({ pulled: { created: 1 } })
  })

  test("refuses one thing is told of the others, and why is kept without any secret", async () => {
    partners.crm.refuses = (collection) =>
      collection === "properties" ? `no area; you sent Bearer ${partners.crmToken}` : undefined
    expect(await sync()).toMatchObject({ status: "done", pushed: { ...none, created: 1, failed: 1 } })
    expect((await itemsOf(integration.id)).find(({ outcome }) => outcome === "failed")).toMatchObject({
      entity: "property",
      reasons: ['it answers 422: {"error":"no area; you sent Bearer [redacted]"}'],
    })
    partners.crm.refuses = () => undefined
    expect(await sync()).toMatchObject({ pushed: { ...none, created: 1 } })
  })

  test("took a lead and did not say so has it once, and so have we", async () => {
    await sync()
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    partners.crm.fail({ times: 1, mode: "accept-then-reset", at: /POST/ })
    await expect(sync()).rejects.toThrow("does not answer")
    // Changed before it is tried again, it is the same lead all the same.
    await pool()`update leads set name = 'Rui Costa'`
    expect(await sync()).toMatchObject({ status: "done", pulled: none, pushed: { ...none, updated: 1 } })
    expect(await names()).toEqual(["Rui Costa"])
    expect(partners.crm.store.of("leads").map(({ data }) => data.name)).toEqual(["Rui Costa"])
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
  })

  test("says with 410 that something is gone is not told of it any more", async () => {
    await sync()
    await pool()`update properties set rent_cents = 160000`
    partners.crm.fail({ times: 1, status: 410, at: /PUT/ })
    expect(await sync()).toMatchObject({ status: "done", pushed: { ...none, kept: 1 } })
    await pool()`update properties set rent_cents = 170000`
    expect(await sync()).toMatchObject({ pushed: none })
  })

  test("writes what cannot be kept has the rest of it taken", async () => {
    partners.crm.put(person("Ana"))
    const page = {
      items: [
        { id: "a\0b", name: "Nul" },
        { id: "c", name: "Eva" },
      ],
      nextCursor: null,
    }
    partners.crm.fail({ times: 1, status: 200, at: /GET/, body: JSON.stringify(page) })
    partners.crm.fail({ times: 1, status: 422, at: /POST/, body: "no\0such" })
    const result = await sync({ entityType: "lead" })
    expect(result).toMatchObject({ pulled: { created: 1, failed: 1 } })
    expect(await names()).toEqual(["Eva"])
    expect(await sync({ action: "push", entityType: "property" })).toMatchObject({ pushed: { failed: 1 } })
    expect((await itemsOf(integration.id)).map(({ reasons }) => reasons.join())).toContain(
      "it answers 422: nosuch",
    )
  })

  test("took something and did not say so has it once", async () => {
    partners.crm.fail({ times: 1, mode: "accept-then-reset", at: /POST/ })
    await expect(sync()).rejects.toThrow("does not answer")
    await sync()
    expect(partners.crm.store.of("properties")).toHaveLength(1)
    expect(partners.crm.store.of("contracts")).toHaveLength(1)
  })

  test.each([["at the first exchange"], ["later"]])(
    "took a lead that is new here and did not say so is not taken for where it comes from, %s",
    async (when) => {
      if (when === "later") await sync()
      await pool()`insert into leads (agency_id, name, source, interest) values (${agencyId}, 'Rui', 'site', 'aluguel')`
      partners.crm.fail({ times: 1, mode: "accept-then-reset", at: /POST .*leads/ })
      await sync().catch(() => undefined)
      await sync()
      await sync()
      expect((await leadsOf(agencyId)).map(({ name }) => name)).toEqual(["Rui"])
      expect(partners.crm.store.of("leads").map(({ data }) => data.name)).toEqual(["Rui"])
      expect((await itemsOf(integration.id)).filter(({ outcome }) => outcome !== "created")).toEqual([])
    },
  )
})

describe("a webhook", () => {
  beforeEach(withHooks)

  test("is told what changes from now on, each change once, signed", async () => {
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
    const [{ id }] = await pool()<[{ id: number }]>`
      insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site') returning id
    `
    await pool()`update properties set rent_cents = 160000`
    expect(await sync()).toMatchObject({ pushed: { ...none, created: 1, updated: 1 } })
    await pool()`update properties set rent_cents = 155000`
    await sync()
    await pool()`update properties set rent_cents = 160000`
    await sync()
    await pool()`delete from leads where id = ${id}`
    await sync()
    expect(partners.hooks.taken.map(({ type, data }) => [type, data.id, data.rentCents])).toEqual([
      ["lead.created", id, undefined],
      ["property.updated", home.propertyId, 160_000],
      ["property.updated", home.propertyId, 155_000],
      ["property.updated", home.propertyId, 160_000],
      ["lead.deleted", id, undefined],
    ])
    expect(partners.hooks.repeated).toEqual([])
  })

  test("that took a message and did not say so knows it again when it comes again", async () => {
    await sync()
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    partners.hooks.fail({ times: 1, mode: "accept-then-reset" })
    await sync().catch(() => undefined)
    await sync()
    expect(partners.hooks.taken).toHaveLength(1)
    expect(partners.hooks.repeated).toEqual([partners.hooks.taken[0]!.id])
  })

  test("and we call things by the same numbers, and neither is taken for the other", async () => {
    const comes = (externalId: string, name: string) =>
      pool().begin((tx) =>
        takeInbound(
          integration,
          {
            ...{ externalId, name, email: null, phone: null, message: null, interest: null },
            ...{ propertyCode: null, source: "other" },
          },
          tx,
        ),
      )
    await sync()
    const [{ id }] = await pool()<[{ id: number }]>`
      insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site') returning id
    `
    // What comes next here has the number that a lead has there already.
    await comes(String(id + 2), "Ana")
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Gil', 'site')`
    expect(await sync()).toMatchObject({ pushed: { ...none, created: 2 } })
    expect(await comes(String(id), "Bia")).toBeDefined()
    expect(await names()).toEqual(["Rui", "Ana", "Gil", "Bia"])
    expect(await sync()).toMatchObject({ pushed: none })
    expect(partners.hooks.taken.map(({ data }) => data.name)).toEqual(["Rui", "Gil"])
  })

  test("that is gone wants nothing more", async () => {
    await sync()
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    partners.hooks.fail({ times: 1, status: 410 })
    await expect(sync()).rejects.toThrow("answers 410")
    expect(await findIntegration(integration.id)).toMatchObject({ status: "error" })
  })

  test("leads nowhere but to the public network", async () => {
    await sync()
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    process.env.ALLOW_PRIVATE_ADDRESSES = "false"
    await expect(sync()).rejects.toThrow("no longer right")
    expect(partners.hooks.taken).toEqual([])
  })
})

describe("an integration that", () => {
  test("is disabled, or is none, is not exchanged with", async () => {
    await withCrm()
    await updateIntegration(integration.id, { enabled: false })
    expect(await sync()).toMatchObject({ status: "skipped", reason: "the integration is disabled" })
    expect(partners.crm.requests).toEqual([])
    await expect(sync({ provider: "zapier" })).rejects.toThrow(
      `Agency ${agencyId} has no integration with zapier`,
    )
    await expect(sync({ provider: "salesforce" })).rejects.toThrow(
      "Salesforce is known, and nothing is exchanged with it yet",
    )
    await expect(perform("integration-sync", { provider: "hubspot", action: "sync" })).rejects.toThrow(
      "HubSpot is known",
    )
  })

  test("is disabled in the middle ends with the page it is at", async () => {
    await withCrm()
    for (const name of ["Ana", "Bia", "Caio", "Davi"]) partners.crm.put(person(name))
    const { met, release } = partners.crm.fail({ times: 1, mode: "hang", at: /GET/ })
    const running = sync().catch((error) => error)
    await met
    await updateIntegration(integration.id, { enabled: false })
    release()
    await running
    const result = await sync()
    expect(result).toMatchObject({ status: "skipped" })
    expect(await names()).toEqual([])
  })

  test("is removed in the middle writes nothing more", async () => {
    await withCrm()
    await using crm = crmThatWaits()
    await updateIntegration(integration.id, { settings: { url: crm.url } })
    const running = sync()
    await crm.met
    await pool().begin((tx) => deleteIntegration(integration.id, tx))
    crm.release()
    expect(await running).toMatchObject({
      status: "skipped",
      reason: "the integration was removed meanwhile",
      pulled: none,
    })
    expect(await names()).toEqual([])
    await expect(sync()).rejects.toThrow(`Agency ${agencyId} has no integration with crm`)
  })

  test("is with another account is told all there is, and what was under way with the one before is not kept", async () => {
    await withCrm()
    partners.crm.put(person("Ana"))
    await sync()
    const before = partners.crm.store.of("leads").length
    const other = startPartners()
    // Its first lead has the id that another has where the integration was before.
    other.crm.put(person("Zoé"))
    other.crm.token = partners.crmToken
    await using waiting = crmThatWaits()
    await updateIntegration(integration.id, { settings: { url: waiting.url } })
    const running = sync().catch((error) => error)
    await waiting.met
    await updateIntegration(integration.id, { settings: other.crmSettings })
    await pool().begin((tx) => beginAnew(integration, tx))
    waiting.release()
    expect(await running).toMatchObject({
      name: "RetryLater",
      message: "another has taken over this integration",
    })
    expect(await names()).toEqual(["Ana"])

    expect(await sync()).toMatchObject({ pulled: { created: 1 }, pushed: { ...none, created: 3 } })
    expect(await names()).toEqual(["Ana", "Zoé"])
    expect(
      other.crm.store
        .of("leads")
        .map(({ data }) => data.name)
        .sort(),
    ).toEqual(["Ana", "Zoé"])
    expect(partners.crm.store.of("leads")).toHaveLength(before)
    expect(await sync()).toMatchObject({ pulled: none, pushed: none })
    await other.stop()
  })

  test("has a webhook elsewhere from now on tells it what changes from then on", async () => {
    await withHooks()
    await sync()
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Rui', 'site')`
    await sync()
    await pool()`insert into leads (agency_id, name, source) values (${agencyId}, 'Gil', 'site')`
    await pool().begin((tx) => beginAnew(integration, tx))
    expect(await sync()).toMatchObject({ pushed: none })
    await pool()`update leads set name = 'Rui Costa' where name = 'Rui'`
    expect(await sync()).toMatchObject({ pushed: { ...none, updated: 1 } })
    expect(partners.hooks.taken.map(({ type, data }) => [type, data.name])).toEqual([
      ["lead.created", "Rui"],
      ["lead.updated", "Rui Costa"],
    ])
  })

  test("another run is at is waited for, and what a try that was taken for dead still writes is refused", async () => {
    await withCrm()
    partners.crm.put(person("Ana"))
    const run = testRun()
    const { met, release } = partners.crm.fail({ times: 1, mode: "hang", at: /GET/ })
    const first = sync({}, run).catch((error) => error)
    await met
    expect(await sync().catch((error) => error)).toMatchObject({
      name: "RetryLater",
      message: "another run of this integration is under way",
    })
    // The run itself, tried again, need not wait for its own lease.
    expect(await sync({}, testRun({ id: run.id }))).toMatchObject({ pulled: { created: 1 } })
    release()
    expect(await first).toBeInstanceOf(Error)
    expect(await names()).toEqual(["Ana"])
  })
})
