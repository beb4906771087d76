import { expect, test } from "bun:test"
import fc from "fast-check"
import { parseMoment } from "./moment.ts"

test.each([
  ["2026-01-15T10:30:00.000Z", "2026-01-15T10:30:00.000Z"],
  ["2026-01-15T10:30:00", "2026-01-15T10:30:00.000Z"],
  ["2026-01-15T10:30:00.5", "2026-01-15T10:30:00.500Z"],
  ["2026-01-15T10:30:00.123456", "2026-01-15T10:30:00.123Z"],
  ["2026-01-15T10:30", "2026-01-15T10:30:00.000Z"],
  ["2026-01-15T07:30:00-03:00", "2026-01-15T10:30:00.000Z"],
  ["2028-02-29T00:00:00", "2028-02-29T00:00:00.000Z"],
])("reads %s", (text, moment) => {
  expect(parseMoment(text)?.toISOString()).toBe(moment)
})

test.each([
  "",
  "hoje",
  "15/01/2026 10:30",
  "2026-01-15",
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-15T24:30:00Z",
  "2026-01-15T10:30:00ZZ",
  "1768473000",
])("does not read %j", (text) => {
  expect(parseMoment(text)).toBeUndefined()
})

const moment = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2100-01-01T00:00:00Z"),
  noInvalidDate: true,
})

test("takes any moment for the same, with its Z or without, whatever the zone of this machine", () => {
  const zone = process.env.TZ
  try {
    for (const TZ of ["America/Sao_Paulo", "Asia/Tokyo", "UTC"]) {
      process.env.TZ = TZ
      fc.assert(
        fc.property(moment, (moment) => {
          const text = moment.toISOString()
          expect(parseMoment(text)).toEqual(moment)
          expect(parseMoment(text.slice(0, -1))).toEqual(moment)
          expect(parseMoment(text.slice(0, 19))?.getTime()).toBe(Math.floor(moment.getTime() / 1_000) * 1_000)
        }),
      )
    }
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})
