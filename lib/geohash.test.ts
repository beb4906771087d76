import { expect, test } from "bun:test"
import fc from "fast-check"
import { fromGeohash, isGeohash, toGeohash } from "./geohash.ts"

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})

test("knows where places are", () => {
  expect(toGeohash({ latitude: -25.4284, longitude: -49.2733 })).toBe("6gkzqfbkb")
  expect(toGeohash({ latitude: 57.64911, longitude: 10.40744 }, 11)).toBe("u4pruydqqvj")
  const maringa = fromGeohash("6gg4dpecb")
  expect(maringa.latitude).toBeCloseTo(-23.4253, 4)
  expect(maringa.longitude).toBeCloseTo(-51.9382, 4)
})

test("is longer the more exact it is, and always begins alike", () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 11 }), (place, length) => {
      expect(toGeohash(place, 12)).toStartWith(toGeohash(place, length))
      expect(isGeohash(toGeohash(place, length))).toBeTrue()
    }),
  )
})

test("leads back to within its cell", () => {
  fc.assert(
    fc.property(place, (place) => {
      const back = fromGeohash(toGeohash(place, 9))
      expect(Math.abs(back.latitude - place.latitude)).toBeLessThan(0.00003)
      expect(Math.abs(back.longitude - place.longitude)).toBeLessThan(0.00003)
    }),
  )
})

test.each(["", "6gg4dpeca", "6GG4DPECB", "6gg4 dpecb", "-23.42,-51.93", "6gg4dpecb6gg4"])(
  "does not take %j for a geohash",
  (text) => {
    expect(isGeohash(text)).toBeFalse()
  },
)
