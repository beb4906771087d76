import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"

import { channelsOf, savePreferences } from "./notification-preferences.ts"
import { pool } from "./pool.ts"
import { moveToOwnDatabase } from "./testing.ts"
import { USUAL } from "./testing-preferences.ts"
import { letHome } from "./testing-rentals.ts"

let leave: () => Promise<void>
beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())

let user: number
beforeEach(async () => {
  user = (await letHome()).userId
})

const told = async (at = new Date(), category = "leads") =>
  (await channelsOf([user, 9_999_999], category, { at }))[0]!

test("who has said nothing is told by every channel, at any hour, in the language of the account", async () => {
  expect(await channelsOf([user, 9_999_999], "leads")).toEqual([
    {
      ...{ userId: user, mail: true, inApp: true, push: true, locale: "pt-BR" },
      ...{ timeZone: "America/Sao_Paulo", quietUntil: null },
    },
  ])
})

test("what is said of a category is over what is said of all", async () => {
  await savePreferences(user, {
    ...USUAL,
    push: false,
    categories: { leads: { push: true, mail: false } },
    locale: "en",
  })
  expect(await told()).toMatchObject({ mail: false, inApp: true, push: true, locale: "en" })
  expect(await told(new Date(), "payments")).toMatchObject({ mail: true, push: false })
})

test.each<[from: string, until: string, zone: string | null, at: string, ends: string | null]>([
  // São Paulo is three hours behind UTC, Manaus four.
  ["22:00", "07:00", null, "2026-03-11T00:59:59Z", null],
  ["22:00", "07:00", null, "2026-03-11T01:00:00Z", "2026-03-11T10:00:00Z"],
  ["22:00", "07:00", null, "2026-03-11T03:00:00Z", "2026-03-11T10:00:00Z"],
  ["22:00", "07:00", null, "2026-03-11T09:59:59Z", "2026-03-11T10:00:00Z"],
  ["22:00", "07:00", null, "2026-03-11T10:00:00Z", null],
  ["22:00", "07:00", "America/Manaus", "2026-03-11T01:30:00Z", null],
  ["22:00", "07:00", "America/Manaus", "2026-03-11T10:30:00Z", "2026-03-11T11:00:00Z"],
  ["12:00", "13:30", null, "2026-03-11T15:00:00Z", "2026-03-11T16:30:00Z"],
  ["12:00", "13:30", null, "2026-03-11T16:30:00Z", null],
  ["22:00", "00:00", null, "2026-03-01T01:00:00Z", "2026-03-01T03:00:00Z"],
  ["00:00", "07:00", null, "2026-03-01T03:00:00Z", "2026-03-01T10:00:00Z"],
  // Clocks go from 2:00 to 3:00 in the night, and from 2:00 back to 1:00.
  ["22:00", "02:30", "America/New_York", "2026-03-08T06:00:00Z", "2026-03-08T07:30:00Z"],
  ["22:00", "07:00", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T12:00:00Z"],
])("quiet from %s to %s in %s: at %s until %s", async (from, until, timeZone, at, ends) => {
  await savePreferences(user, { ...USUAL, quietHours: { from, until }, timeZone })
  const { quietUntil } = await told(new Date(at))
  expect(quietUntil?.toISOString() ?? null).toBe(ends && new Date(ends).toISOString())
})

test("a zone that PostgreSQL does not know changes nothing", async () => {
  expect(await savePreferences(user, { ...USUAL, push: false, timeZone: "Mars/Olympus" })).toBe(false)
  expect(await told()).toMatchObject({ push: true })
  const rows = await pool()`select 1 from notification_preferences where user_id = ${user}`
  expect([...rows]).toEqual([])
})
