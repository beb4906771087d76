import { expect, test } from "bun:test"
import fc from "fast-check"
import { PermanentError } from "./errors.ts"
import { stringify } from "./log.ts"
import { tellAll, tellError } from "./tell-all.ts"

const SECRET = "Ana Beatriz Souza"
const tell = (text: string) => text.replaceAll(SECRET, "[redacted]")

test("an error is told as one of its kind, from the same place in the code, with its causes", () => {
  const cause = new TypeError(`no ${SECRET}`, { cause: `found ${SECRET}` })
  const error = new PermanentError(`could not greet ${SECRET}`)
  Object.assign(error, { cause })
  const told = tellError(error, tell)
  expect(told).toBeInstanceOf(PermanentError)
  expect(told).toMatchObject({ name: "PermanentError", message: "could not greet [redacted]" })
  expect(told.cause).toBeInstanceOf(TypeError)
  expect(told.cause).toMatchObject({ message: "no [redacted]", cause: "found [redacted]" })
  expect(told.stack).toBe(error.stack!.replace(SECRET, "[redacted]"))
  expect(error.message).toContain(SECRET)
})

test("what says where in the code an error was stays, though a file is named like somebody", () => {
  const hideTest = (text: string) => text.replaceAll("test", "[redacted]")
  const { message, stack } = tellError(new Error("a test\nof two lines"), hideTest)
  expect(message).toBe("a [redacted]\nof two lines")
  expect(stack).toStartWith("Error: a [redacted]\nof two lines\n")
  expect(stack).toContain("tell-all.test.ts")
})

test("errors that are frozen, that cause themselves, that are many or none of ours are told as well", () => {
  const circular = Object.assign(new Error(SECRET), { cause: undefined as unknown })
  circular.cause = Object.freeze(new AggregateError([circular, new Error(SECRET)], SECRET))
  const told = tellError(circular, tell)
  const causes = told.cause as AggregateError
  expect(causes).toMatchObject({ message: "[redacted]", errors: [told, { message: "[redacted]" }] })
  expect(causes.cause).toBeUndefined()

  const foreign = tellError(new DOMException(`no time for ${SECRET}`, "TimeoutError"), tell)
  expect(foreign).toMatchObject({ name: "TimeoutError", message: "no time for [redacted]" })
  const unspeakable = Object.defineProperty(new Error("x"), "message", {
    get() {
      throw new Error(SECRET)
    },
  })
  expect(tellError(unspeakable, tell)).toMatchObject({ message: "[redacted]" })
})

test("other values are told as JSON has them, names of fields included", () => {
  const circular: Record<string, unknown> = { big: 1n, at: new Date(0), [SECRET]: SECRET }
  circular.self = [circular]
  expect(tellAll(circular, tell)).toEqual({
    big: "1",
    at: "1970-01-01T00:00:00.000Z",
    "[redacted]": "[redacted]",
    self: ["[circular]"],
  })
  expect(tellAll(12_345, (text) => text.replace("12345", "[redacted]"))).toBe("[redacted]")
  expect([7, true, null, undefined].map((value) => tellAll(value, tell))).toEqual([7, true, null, undefined])
  const unspeakable = {
    toJSON() {
      throw new Error(SECRET)
    },
  }
  expect(tellAll(unspeakable, tell)).toBe("[redacted]")
})

test("nothing of a text is left in an error, however deep it stood", () => {
  const filler = fc.string({ unit: "binary" })
  const message = fc.tuple(filler, filler).map(([before, after]) => `${before} ${SECRET} ${after}`)
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      message,
      fc.anything({ values: [message], withDate: true, withBigInt: true }),
      fc.tuple(message, tie("value")).map(([text, cause]) => new Error(text, { cause })),
      fc
        .tuple(message, fc.array(tie("value"), { maxLength: 3 }))
        .map(([text, errors]) => new AggregateError(errors, text)),
    ),
  }))
  fc.assert(
    fc.property(message, value, (text, cause) => {
      const told = tellError(new Error(text, { cause }), tell)
      expect(stringify(told, (text) => text)).not.toContain(SECRET)
    }),
    { numRuns: 500 },
  )
})
