import { expect, test } from "bun:test"
import fc from "fast-check"
import { Command } from "ioredis"
import { byItself } from "./written.ts"

const ours = Command.prototype.toWritable

const arg = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  // A half of a character is written as the sign for none.
  fc.constantFrom("", "\ud800", "x".repeat(70_000), "é".repeat(130)),
  fc.integer(),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
)

test("a command goes over the wire as ioredis would have written it", () => {
  expect(ours).not.toBe(byItself)
  fc.assert(
    fc.property(
      fc.constantFrom("evalsha", "xadd", "publish", "json.set"),
      fc.array(arg, { maxLength: 40 }),
      (name, args) => {
        const command = new Command(name, args as never)
        expect(Buffer.from(ours.call(command, {}))).toEqual(Buffer.from(byItself.call(command, {})))
      },
    ),
    { numRuns: 1_000 },
  )
})
