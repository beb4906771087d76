import { expect, test } from "bun:test"
import fc from "fast-check"
import type { Delivery } from "../../db/email-messages.ts"
import { chunksOf } from "./chunks.ts"

const settled = (recipient: string, chunk: number): Delivery => ({
  recipient,
  chunk,
  status: "sent",
  providerId: null,
  error: null,
  isLost: false,
})

test("are as many recipients at a time as fit, in their order", () => {
  expect(chunksOf(["a", "b", "c", "d", "e"], [], 2)).toEqual([
    { number: 0, recipients: ["a", "b"], settled: [] },
    { number: 1, recipients: ["c", "d"], settled: [] },
    { number: 2, recipients: ["e"], settled: [] },
  ])
})

test("stay as an earlier attempt had them, whatever fits into one now", () => {
  const earlier = [settled("c", 0), settled("a", 0), settled("b", 0)]
  expect(chunksOf(["a", "b", "c", "d", "e"], earlier, 1)).toEqual([
    { number: 0, recipients: ["a", "b", "c"], settled: [earlier[1]!, earlier[2]!, earlier[0]!] },
    { number: 1, recipients: ["d"], settled: [] },
    { number: 2, recipients: ["e"], settled: [] },
  ])
})

test("whatever was begun before, they hold each recipient once and begin nothing anew", () => {
  const recipients = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(recipients, fc.nat({ max: 40 }), fc.integer({ min: 1, max: 9 }), (all, begun, size) => {
      const before = chunksOf(all, [], size)
      const earlier = before
        .slice(0, begun)
        .flatMap(({ number, recipients }) => recipients.map((recipient) => settled(recipient, number)))
      const now = chunksOf(all, earlier, size)
      expect(now.map(({ number, recipients }) => [number, recipients])).toEqual(
        before.map(({ number, recipients }) => [number, recipients]),
      )
      expect(now.flatMap(({ settled }) => settled)).toEqual(earlier)
    }),
  )
})
