import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { z } from "zod"
import { pii } from "./pii.ts"
import { createTell } from "./tell.ts"

const schema = z.object({ name: pii(z.string()), city: z.string() })

test("says a text without what the value hides, and without what is known by its form", () => {
  const tell = createTell(schema, { name: "Ana", city: "Curitiba" })
  expect(tell("Ana of Curitiba has ana@example.com and CPF 52998224725")).toBe(
    "[redacted] of Curitiba has a***@example.com and CPF ***",
  )
})

test("does not look into the value before there is a text, and then once", () => {
  let looks = 0
  const value = {
    city: "Curitiba",
    get name() {
      looks += 1
      return "Ana"
    },
  }
  const tell = createTell(schema, value)
  expect(looks).toBe(0)
  tell("one")
  const once = looks
  tell("other")
  expect(looks).toBe(once)
})

test("hides the whole text when it cannot be judged", () => {
  const broken = z.object({
    name: z.string().refine(() => {
      throw new Error("of Ana")
    }),
  })
  expect(createTell(broken, { name: "Ana" })("greeting Ana")).toBe("[redacted]")
})

describe("of any schema", () => {
  interface Planted {
    schema: z.ZodType
    value: unknown
    secrets: string[]
  }
  const word = fc.oneof(
    fc.constantFrom(
      "Ana Beatriz Souza",
      "Bia",
      "João da Silva",
      "Zoë O'Neill-Łuk",
      "Rua X, 12\nCuritiba",
      "Ana",
    ),
    fc.string({ unit: "grapheme", minLength: 5, maxLength: 20 }),
    fc.emailAddress(),
    fc.integer({ min: 10_000 }).map(String),
  )
  const secret = word.filter((text) => text.replace(/[\s<>"]/g, "").length >= 5 || /^\p{L}{3,}$/u.test(text))
  const shown = fc.constant<Planted>({ schema: z.int(), value: 7, secrets: [] })
  const marked = secret.map<Planted>((text) => ({ schema: pii(z.string()), value: text, secrets: [text] }))
  const number = fc.integer({ min: 10_000 }).map<Planted>((number) => ({
    schema: pii(z.int()),
    value: number,
    secrets: [String(number)],
  }))
  const whole = fc.array(secret, { minLength: 1, maxLength: 3 }).map<Planted>((secrets) => ({
    schema: pii(z.unknown()),
    value: { deep: [{ ...secrets }], [secrets[0]!]: 1 },
    secrets,
  }))
  const keyed = secret
    .filter((text) => text !== "__proto__")
    .map<Planted>((text) => ({
      schema: z.record(pii(z.string()), z.int()),
      value: { [text]: 1 },
      secrets: [text],
    }))
  const unknown = secret.map<Planted>((text) => ({
    schema: z.object({}),
    value: { old: text },
    secrets: [text],
  }))
  const { planted } = fc.letrec<{ planted: Planted }>((tie) => ({
    planted: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(marked, number, whole, keyed, unknown, shown),
      tie("planted").map(({ schema, value, secrets }) => ({
        schema: z.array(schema),
        value: [value, value],
        secrets,
      })),
      tie("planted").map(({ schema, ...rest }) => ({ schema: schema.nullable().optional(), ...rest })),
      tie("planted").map(({ schema, ...rest }) => ({ schema: z.union([z.boolean(), schema]), ...rest })),
      fc.tuple(tie("planted"), tie("planted")).map(([one, other]) => ({
        schema: z.object({ one: one.schema, other: other.schema }),
        value: { one: one.value, other: other.value },
        secrets: [...one.secrets, ...other.secrets],
      })),
    ),
  }))
  const between = fc.constantFrom(" ", ": ", ", and ", " (", ") ", "\n", "=", "/")

  test("no text that is marked is left in what is told, wherever it stood", () => {
    fc.assert(
      fc.property(
        planted,
        fc.array(between, { minLength: 9, maxLength: 9 }),
        ({ schema, value, secrets }, gaps) => {
          const text = secrets.map((secret, place) => gaps[place % gaps.length]! + secret).join(" - ")
          const tell = createTell(schema, value)
          const told = tell(`Could not greet${text} at all`)
          const inJson = JSON.parse(tell(JSON.stringify({ text })))
          for (const secret of secrets) {
            expect(without(told)).not.toContain(secret)
            expect(without(inJson.text)).not.toContain(secret)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  /** What is put in the place of a text tells nothing, though it may hold what was hidden. */
  const without = (told: string) => told.replaceAll("[redacted]", "\u{1F648}")
})
