import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import fc from "fast-check"
import { deleteIntegration, type Integration } from "../../db/integrations.ts"
import { findFeed } from "../../db/listing-feeds.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import type { Listing } from "../../lib/partners/listing.ts"
import { realEstatePortal } from "../../lib/partners/real-estate-portal.ts"
import { storage } from "../../lib/storage/storage.ts"
import { type Partners, startPartners } from "../../sandbox/partners/simulator.ts"
import { readVrsync } from "../../sandbox/vrsync/read.ts"
import { perform, testRun } from "../testing.ts"
import { publish as publishFeed } from "./feed.ts"
import { withLease } from "./lease.ts"
import { openLine } from "./line.ts"
import { integrate, itemsOf } from "./testing.ts"

let leave: () => Promise<void>
let partners: Partners
let home: Awaited<ReturnType<typeof letHome>>
let integration: Integration

const pictures = Array.from({ length: 5 }, (_, index) => `https://cdn.example/AR1/${index}.jpg`)
const description = "Apartamento amplo, com sacada e vista para o parque; perto de tudo o que importa."

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  partners = startPartners()
})
afterAll(async () => {
  await partners.stop()
  await leave()
})
beforeEach(async () => {
  await emptyRentals()
  home = await letHome()
  integration = await integrate(home.agencyId, "real-estate-portal", partners)
  await pool()`
    update properties
    set status = 'available', images = ${pictures}, description = ${description}, bedrooms = 2, bathrooms = 1, area_m2 = 68.5,
      features = '{elevador,sacada}', condo_cents = 41037, iptu_cents = 8000
  `
})
afterEach(async () => {
  for await (const { key } of storage().list("feeds/")) await storage().delete(key)
})

const publish = () =>
  perform("integration-sync", { agencyId: home.agencyId, provider: "real-estate-portal", action: "sync" })
const feed = async () => (await findFeed(integration.id))!
const read = async () => await new Response(await storage().get((await feed()).storageKey)).text()
const set = (row: Record<string, unknown>) => pool()`update properties set ${pool()(row)}`
const blocked = async () =>
  (await itemsOf(integration.id)).filter(({ outcome }) => outcome === "blocked").at(-1)?.reasons

test("what is offered is in the feed as it is, by the rules of VRSync", async () => {
  expect(await publish()).toMatchObject({ pushed: { created: 1, blocked: 0 } })
  const xml = await read()
  expect(readVrsync(xml)).toEqual({
    faults: [],
    ads: [
      {
        ...{
          id: "AR1002",
          title: "Apartamento de 2 quartos",
          description,
          transaction: "For Rent",
          price: 1_550,
          pictures,
        },
      },
    ],
  })
  expect(xml).toContain('<RentalPrice currency="BRL" period="Monthly">1550</RentalPrice>')
  expect(xml).toContain('<Iptu currency="BRL" period="Monthly">80</Iptu>')
  // What would have to be cut to be told is not told.
  expect(xml).not.toContain("PropertyAdministrationFee")
  expect(xml).toContain("<Features>\n<Feature>Elevator</Feature>\n</Features>")
  expect(xml).toContain('<Location displayAddress="Street">')
})

test("while nothing changes the file stays; what changes, comes and goes is told of item by item", async () => {
  await publish()
  const first = await feed()
  await publish()
  expect(await feed()).toMatchObject({
    storageKey: first.storageKey,
    sha256: first.sha256,
    changedAt: first.changedAt,
  })
  await set({ rentCents: 160_000 })
  expect(await publish()).toMatchObject({ pushed: { created: 0, updated: 1 } })
  await set({ status: "rented" })
  expect(await publish()).toMatchObject({ pushed: { updated: 0, deleted: 1 } })
  expect(readVrsync(await read()).ads).toEqual([])
  await set({ status: "available", code: "AR2000" })
  expect(await publish()).toMatchObject({ pushed: { created: 1, deleted: 0 } })
  await set({ code: "AR1002" })
  expect(await publish()).toMatchObject({ pushed: { created: 1 } })
  const kept: string[] = []
  for await (const { key } of storage().list("feeds/")) kept.push(key)
  expect(kept).toEqual([(await feed()).storageKey])
})

test.each<[Record<string, unknown>, string]>([
  [{ title: "Curto" }, "its title has 5 characters: 10 to 100 are taken"],
  [{ title: "é".repeat(101) }, "its title has 101 characters: 10 to 100 are taken"],
  [{ title: "Um título\nem duas linhas" }, "its title has more than one line"],
  [{ title: "Um título <b>forte</b>" }, "there is HTML in its title"],
  [{ description: "Curta" }, "its description has 5 characters: 50 to 3,000 are taken"],
  [
    { description: `${description}\u0007` },
    "there are characters in it that no XML may have, such as control characters",
  ],
  [{ code: "x".repeat(51) }, "its code has 51 characters: 1 to 50 are taken"],
  [{ rentCents: 155_050 }, "its rent has cents: whole reais are taken"],
  [{ category: "temporada" }, "it is let for the season: its price a day is not known"],
  [{ areaM2: null }, "its area is not known"],
  [{ bedrooms: 0 }, "it has no bedrooms"],
  [{ bathrooms: 0 }, "it has no bathrooms"],
  [{ district: null }, "its district is not known"],
  [{ zipCode: null }, "its postal code is not known"],
  [{ uf: "XX" }, "XX is no state"],
  [
    {
      images: [
        ...pictures.slice(0, 4),
        pictures[0],
        "https://cdn.example/6.png",
        "javascript:alert(1)//.jpg",
      ],
    },
    "it has 4 pictures: 5 to 50 are taken, as JPG, each at a URL of its own",
  ],
])("a property with %j is kept out, and why is told", async (row, why) => {
  await set(row)
  expect(await publish()).toMatchObject({ pushed: { created: 0, blocked: 1 } })
  expect(await blocked()).toEqual([why])
  expect(readVrsync(await read())).toEqual({ ads: [], faults: [] })
  expect(await feed()).toMatchObject({ listings: 0, blocked: 1 })
})

test("whatever is written of a property, it is in the feed as it was written, or kept out", () => {
  const nasty = fc.oneof(
    fc.constantFrom(
      "]]>",
      "]]]]>><",
      "&amp;<![CDATA[",
      "\u202eאבג",
      "👩‍👩‍👧‍👦",
      "\u0000",
      "\u001b[31m",
      "\ufffe",
      "<script>",
      "'\"",
      "\r\n",
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
  )
  const text = fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join("").toWellFormed())
  const header = {
    agency: "Ara & Cária ]]> <x>",
    email: "a@b.example",
    phone: null,
    publishedAt: "2026-02-10T14:30:00",
  }
  const { feed } = realEstatePortal
  const settings = { displayAddress: "All" } as const
  let published = 0
  fc.assert(
    fc.property(text, text, text, text, (title, more, street, code) => {
      const listing: Listing = {
        ...{
          id: 1,
          code: code || "AR1",
          title: `Casa ${title}`,
          description: `${description} ${more}`,
          type: "house",
        },
        ...{
          category: "aluguel",
          rentCents: 100_000,
          priceCents: null,
          condoCents: 0,
          iptuCents: 0,
          street,
          number: "1",
        },
        ...{
          complement: null,
          district: "Zona 01",
          city: "Maringá",
          uf: "PR",
          zipCode: "87013230",
          bedrooms: 1,
        },
        ...{ bathrooms: 1, parkingSpaces: 0, areaM2: 50, features: ["mobiliado"], images: pictures },
      }
      if (feed!.faultsOf(listing, header, settings).length) return
      const xml = feed!.open(header, settings) + feed!.listing(listing, header, settings) + feed!.close()
      const { ads, faults } = readVrsync(xml)
      expect(faults).toEqual([])
      // XML reads every end of a line as one sign.
      const asRead = (given: string) => given.trim().replaceAll(/\r\n?/g, "\n")
      expect([ads[0]!.id, ads[0]!.title, ads[0]!.description]).toEqual(
        [listing.code, listing.title, listing.description].map(asRead),
      )
      published += 1
    }),
    { numRuns: 500 },
  )
  expect(published).toBeGreaterThan(20)
})

test("the reader finds what is not as VRSync has it", async () => {
  await publish()
  const xml = await read()
  const faults = (from: string | RegExp, to: string) => {
    const changed = xml.replace(from, to)
    expect(changed).not.toBe(xml)
    return readVrsync(changed).faults
  }
  expect(faults("For Rent", "To Let")).toEqual([
    "AR1002: TransactionType",
    "AR1002: RentalPrice by TransactionType",
  ])
  expect(faults("1550<", "1.550,00<")).toEqual(["AR1002: RentalPrice"])
  expect(faults('period="Monthly">80', 'period="YearlyTax">80')).toEqual(["AR1002: Iptu"])
  expect(faults('primary="true"', "")).toEqual(["AR1002: Media"])
  expect(faults(/<Item .*?<\/Item>\n/, "")).toEqual(["AR1002: Media"])
  expect(faults("87013-230", "87013230")).toEqual(["AR1002: PostalCode"])
  expect(faults("<Email>", "<Fax/><Email>")).toEqual(["Header has a Fax"])
  expect(
    faults('xmlns="http://www.vivareal.com/schemas/1.0/VRSync"', 'xmlns="urn:x"').length,
  ).toBeGreaterThan(10)
  expect(faults(/<Listing>.*<\/Listing>\n/s, "$&$&")).toEqual(["AR1002 is there twice"])
  expect(() => readVrsync(xml.slice(0, -30))).toThrow()
  expect(() => readVrsync(xml.replace("<Title>", "<Title>&nbsp;"))).toThrow()
})

test("a run that is tried again, or another after a kill, leaves one file and one row", async () => {
  await publish()
  const before = await feed()
  await set({ rentCents: 170_000 })
  const run = testRun()
  const payload = { agencyId: home.agencyId, provider: "real-estate-portal", action: "push" } as const
  await perform("integration-sync", payload, run)
  await perform("integration-sync", payload, run)
  expect((await feed()).storageKey).not.toBe(before.storageKey)
  expect(readVrsync(await read()).ads).toHaveLength(1)
})

test("a feed whose integration is removed while it is made is not there, and nor is its file", async () => {
  await publish()
  const { storageKey } = await feed()
  const run = testRun()
  const making = withLease(integration.id, run, (held) =>
    publishFeed(realEstatePortal.feed!, {
      ...{ ...held, partner: realEstatePortal, integration, run, only: null },
      line: openLine(realEstatePortal, integration, run.signal),
      async commit(write) {
        await pool().begin((tx) => deleteIntegration(integration.id, tx))
        return await held.commit(write)
      },
    }),
  )
  await expect(making).rejects.toThrow("the integration was removed meanwhile")
  expect(await storage().head(`feeds/${integration.id}/${run.id}.xml`)).toBeUndefined()

  // The one that it had before goes with the next sweep.
  expect(await storage().head(storageKey)).toBeDefined()
  for (let time = 0; time < 2; time++) await perform("integration-sync", { action: "sync" })
  expect(await storage().head(storageKey)).toBeUndefined()
})
