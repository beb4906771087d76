import { expect, test } from "bun:test"
import fc from "fast-check"
import { type Kept, toDelete } from "./keep.ts"

const NOW = new Date("2026-11-20T12:00:00Z")
const DAY = 86_400_000
const RULES = { days: 7, weeks: 5, months: 12 }

const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY)

const full = (id: string, days: number, more: Partial<Kept> = {}): Kept => ({
  id,
  previousId: null,
  status: "completed",
  startedAt: daysAgo(days),
  retentionDays: 1,
  tables: null,
  verifiedAt: daysAgo(days),
  ...more,
})

test("a year and a half of nights leaves the last of seven days, five weeks and twelve months", () => {
  const nights = Array.from({ length: 550 }, (_, night) => full(`n${night}`, night))
  const gone = new Set(toDelete(nights, NOW, RULES))
  const kept = nights
    .filter(({ id }) => !gone.has(id))
    .map(({ startedAt }) => startedAt.toISOString().slice(0, 10))
  expect(kept).toEqual([
    ...["20", "19", "18", "17", "16", "15", "14"].map((day) => `2026-11-${day}`),
    ...["2026-11-08", "2026-11-01", "2026-10-31", "2026-10-25"],
    ...["2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30", "2026-03-31"],
    ...["2026-02-28", "2026-01-31", "2025-12-31"],
  ])
})

test("a backup is kept as long as was said, whatever the rules", () => {
  const rules = { days: 1, weeks: 1, months: 1 }
  const backups = [
    full("new", 0),
    full("long", 20, { retentionDays: 30 }),
    full("over", 20, { retentionDays: 19 }),
  ]
  expect(toDelete(backups, NOW, rules)).toEqual(["over"])
})

test("the last that was found whole is kept, however old it is, and whatever came after it", () => {
  const backups = [
    full("unverified", 1, { verifiedAt: null }),
    full("damaged", 2, { status: "damaged" }),
    full("proven", 900),
    full("proven-before", 901),
  ]
  expect(toDelete(backups, NOW, { days: 1, weeks: 1, months: 1 })).toEqual(["damaged", "proven-before"])
})

test("a backup of some tables takes the place of none of all, nor of one of others", () => {
  const rules = { days: 1, weeks: 1, months: 1 }
  const some = (id: string, days: number, ...tables: string[]) => full(id, days, { tables })
  expect(
    toDelete(
      [some("users", 1.1, "users"), full("all", 1.2), some("both", 2, "users", "leads"), full("before", 400)],
      NOW,
      rules,
    ),
  ).toEqual(["both", "before"])
  // Where there is none of all, the last of each, unless another that came after it has as much.
  expect(
    toDelete(
      [some("users", 1, "users"), some("both", 200, "users", "leads"), some("leads", 400, "leads")],
      NOW,
      rules,
    ),
  ).toEqual(["leads"])
})

const chains = fc
  .array(
    fc.record({
      days: fc.integer({ min: 0, max: 700 }),
      goesOn: fc.boolean(),
      status: fc.constantFrom("completed", "completed", "damaged"),
      retentionDays: fc.integer({ min: 1, max: 60 }),
      verified: fc.boolean(),
      tables: fc.constantFrom<Kept["tables"][]>(null, null, ["users"], ["users", "leads"]),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn
      .toSorted((one, other) => other.days - one.days)
      .map(
        ({ days, goesOn, verified, ...rest }, place, all): Kept => ({
          id: `b${place}`,
          previousId: goesOn && all[place - 1]?.tables === rest.tables ? `b${place - 1}` : null,
          startedAt: new Date(daysAgo(days).getTime() + place),
          verifiedAt: verified ? NOW : null,
          ...rest,
        }),
      ),
  )
const rules = fc.record({
  days: fc.integer({ min: 1, max: 9 }),
  weeks: fc.integer({ min: 1, max: 9 }),
  months: fc.integer({ min: 1, max: 9 }),
})

test("nothing is deleted that something kept goes on from, nor the last that was found whole, nor what is still to be kept", () => {
  fc.assert(
    fc.property(chains, rules, (backups, rules) => {
      const gone = new Set(toDelete(backups, NOW, rules))
      const kept = backups.filter(({ id }) => !gone.has(id))
      for (const { previousId } of kept) if (previousId) expect(gone).not.toContain(previousId)
      const lastWhole = backups.findLast(({ status, verifiedAt }) => status === "completed" && verifiedAt)
      if (lastWhole) expect(gone).not.toContain(lastWhole.id)
      const lastOfAll = backups.findLast(
        ({ status, verifiedAt, tables }) => status === "completed" && verifiedAt && !tables,
      )
      if (lastOfAll) expect(gone).not.toContain(lastOfAll.id)
      for (const { id, startedAt, retentionDays } of backups)
        if (NOW.getTime() - startedAt.getTime() < retentionDays * DAY) expect(gone).not.toContain(id)
      // Each is deleted before what it goes on from.
      const order = toDelete(backups, NOW, rules)
      for (const { id, previousId } of backups)
        if (gone.has(id) && previousId && gone.has(previousId))
          expect(order.indexOf(id)).toBeLessThan(order.indexOf(previousId))
      // What is deleted once leaves nothing to delete at once again.
      expect(toDelete(kept, NOW, rules)).toEqual([])
    }),
    { numRuns: 500 },
  )
})
