import { expect, test } from "bun:test"
import fc from "fast-check"
import { fromGeohash } from "../../lib/geohash.ts"
import { markets } from "../../sandbox/nota-parana/markets.ts"
import { distance } from "../../sandbox/nota-parana/rows.ts"
import { areasAround, nameOf } from "./places.ts"

const placed = fc.record({
  latitude: fc.double({ min: -26.7, max: -22.5, noNaN: true }),
  longitude: fc.double({ min: -54.6, max: -48, noNaN: true }),
})
const market = fc
  .option(placed, { nil: { latitude: null, longitude: null } })
  .map((place) => ({ id: 1, name: "Um", city: "Maringá", uf: "PR", ...place }))

test("every market with a known place is in an area, and no two areas are of the same", () => {
  fc.assert(
    fc.property(fc.array(market, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (all, radiusKm) => {
      const areas = areasAround(all, radiusKm)
      for (const { latitude, longitude } of all) {
        if (latitude === null || longitude === null) continue
        // The cell of the geohash is some metres wide, and the plane is not the sphere.
        const near = areas.some(
          ({ geohash }) => distance(fromGeohash(geohash), { latitude, longitude }) <= radiusKm * 1.01 + 0.01,
        )
        expect(near).toBe(true)
      }
      expect(new Set(areas.map(({ geohash }) => geohash)).size).toBe(areas.length)
    }),
  )
})

test("a town is one area, and two towns are two, in whatever order their markets come", () => {
  const named = (latitude: number, longitude: number) => ({
    ...markets[0]!,
    id: 7,
    latitude,
    longitude,
  })
  const maringa = markets.map((one, id) => ({ ...one, id }))
  const londrina = [named(-23.31, -51.16), named(-23.32, -51.17)]
  expect(areasAround(maringa, 20)).toHaveLength(1)
  const both = areasAround([...londrina, ...maringa], 20)
  expect(both).toHaveLength(2)
  expect(nameOf(both)).toBe(nameOf(both.toReversed()))
})
