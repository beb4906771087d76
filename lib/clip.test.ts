import { expect, test } from "bun:test"
import fc from "fast-check"
import { clip } from "./clip.ts"

test("a text is cut where it is too long, and says so", () => {
  expect(clip("Conserto", 8)).toBe("Conserto")
  expect(clip("Conserto do portão", 8)).toBe("Consert…")
  expect(clip("ab😀😀", 4)).toBe("ab…")
})

test("whatever is cut fits, and is whole characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 20 }), (text, longest) => {
      expect(clip(text, longest).length).toBeLessThanOrEqual(longest)
      if (text.isWellFormed()) expect(clip(text, longest).isWellFormed()).toBe(true)
    }),
  )
})
