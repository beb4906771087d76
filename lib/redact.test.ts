import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { z } from "zod"
import { email } from "./jobs/email.ts"
import { pii } from "./pii.ts"
import { redact, redactText } from "./redact.ts"
import { slotRunId } from "./schedules/run-id.ts"

const person = z.object({
  id: z.int(),
  name: pii(z.string()).optional(),
  contacts: z.array(z.object({ kind: z.enum(["mail", "phone"]), value: pii(z.string()) })).default([]),
  byRole: z.record(z.string(), pii(z.string()).nullable()),
  either: z.union([z.int(), z.object({ secret: pii(z.string()) })]),
})

const SECRET = "planted-personal-data"

test("takes out what is marked, however deep, and leaves the rest", () => {
  const value = {
    id: 7,
    name: SECRET,
    contacts: [{ kind: "mail", value: SECRET }],
    byRole: { owner: SECRET, renter: null },
    either: { secret: SECRET },
  }
  expect(redact(person, value)).toEqual({
    id: 7,
    name: "[redacted]",
    contacts: [{ kind: "mail", value: "[redacted]" }],
    byRole: { owner: "[redacted]", renter: null },
    either: { secret: "[redacted]" },
  })
})

test("of a union goes by the first that a value is, and by its name before all else that it is", () => {
  const named = z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("mail"), to: pii(z.string()), about: z.string() }),
    z.object({ kind: z.literal("push"), about: pii(z.string()) }),
  ])
  const whole = pii(z.object({ kind: z.literal("push"), about: z.string() }))
  const push = { kind: "push", about: SECRET }
  expect(redact(z.union([whole, named]), push)).toBe("[redacted]")
  expect(redact(z.union([named, whole]), push)).toEqual({ kind: "push", about: "[redacted]" })
  const wrong = { kind: "mail", to: SECRET, about: 7, more: SECRET }
  expect(redact(z.union([z.object({ about: z.string() }), named]), wrong)).toEqual({
    ...{ kind: "mail", to: "[redacted]", about: "[redacted]", "[redacted]": "[redacted]" },
  })
  expect(redact(z.union([named, z.string()]), { kind: "letter", about: SECRET })).toBe("[redacted]")
  expect(redact(z.union([named, z.string()]), "a word")).toBe("a word")
})

test("takes out whole what the schema does not know", () => {
  expect(redact(person, { id: 7, extra: SECRET, contacts: SECRET })).toEqual({
    id: 7,
    contacts: "[redacted]",
    "[redacted]": "[redacted]",
  })
  expect(redact(z.object({ id: z.int() }), [SECRET])).toBe("[redacted]")
  expect(redact(z.int(), SECRET)).toBe("[redacted]")
})

test("takes out what it cannot follow, and keys that are personal", () => {
  const secret = () => pii(z.string())
  const hidden = {
    transformed: secret().transform((text) => text),
    piped: z.string().pipe(secret()),
    caught: secret().catch(""),
    tuple: z.tuple([z.int(), secret()]),
    both: z.intersection(z.object({ a: secret() }), z.object({ b: secret() })),
    lazy: z.lazy(() => secret()),
    custom: z.custom<string>((value) => typeof value === "string"),
    keyed: z.record(secret(), z.int()),
    anything: z.any(),
  }
  const values = {
    transformed: SECRET,
    piped: SECRET,
    caught: SECRET,
    tuple: [1, SECRET],
    both: { a: SECRET, b: SECRET },
    lazy: SECRET,
    custom: SECRET,
    keyed: { [SECRET]: 1 },
    anything: SECRET,
  }
  const shown = redact(z.object(hidden), values)
  expect(JSON.stringify(shown)).not.toContain(SECRET)
  expect(shown).toMatchObject({ keyed: { "[redacted]": 1 } })
})

test("leaves no planted word in any payload of a mail, valid or broken", () => {
  const junk = fc.jsonValue().map((value) => JSON.parse(JSON.stringify({ value, planted: SECRET })))
  const mail = fc.record({
    to: fc.oneof(fc.constant(["secret.person@example.com"]), junk),
    template: fc.constantFrom("welcome", "verification", "monthly-report", "unknown"),
    data: fc.oneof(fc.constant({ userName: SECRET, reportUrl: SECRET, month: SECRET }), junk),
    from: fc.oneof(fc.constant(`${SECRET} <secret.person@example.com>`), junk),
  })
  fc.assert(
    fc.property(mail, (payload) => {
      const shown = JSON.stringify(redact(email.payload, payload))
      expect(shown).not.toContain(SECRET)
      expect(shown).not.toContain("secret.person")
    }),
  )
})

test("follows a schema that holds itself", () => {
  interface Tree {
    name: string
    size: number
    branches: Tree[]
  }
  const tree: z.ZodType<Tree> = z.object({
    name: pii(z.string()),
    size: z.int(),
    get branches() {
      return z.array(tree)
    },
  })
  const leaf = { name: SECRET, size: 1, branches: [] }
  expect(redact(tree, { name: SECRET, size: 2, branches: [leaf, SECRET] })).toEqual({
    name: "[redacted]",
    size: 2,
    branches: [{ name: "[redacted]", size: 1, branches: [] }, "[redacted]"],
  })
})

describe("of any schema and any value", () => {
  const leaf = fc.constantFrom<z.ZodType>(
    z.string(),
    z.string().min(2),
    z.string().trim(),
    z.email(),
    z.int(),
    z.int().min(1),
    z.number(),
    z.number().max(2),
    z.coerce.number(),
    z.boolean(),
    z.null(),
    z.enum(["a", "b"]),
    z.literal(["a", 1]),
    z.iso.datetime(),
    z.string().refine((text) => text.length < 3),
    pii(z.string()),
    pii(z.email()).optional(),
    z.any(),
    z.string().transform((text) => text),
  )
  const { schema } = fc.letrec<{ schema: z.ZodType }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("schema")).map((shape) => z.object(shape)),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("schema")).map((shape) => z.strictObject(shape)),
      tie("schema").map((element) => z.array(element)),
      tie("schema").map((value) => z.record(z.string(), value)),
      tie("schema").map((inner) => inner.nullable()),
      tie("schema").map((inner) => z.string().pipe(inner as never)),
      fc.tuple(tie("schema"), tie("schema")).map((options) => z.union(options)),
    ),
  }))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom("a", "b", "ab", "abc", " a ", "a@example.com", "2026-01-01T00:00:00Z", ""),
      fc.constantFrom(0, 1, 3, 1.5, -1, 2 ** 60, Number.NaN, Number.POSITIVE_INFINITY, true, null, undefined),
      fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__", "constructor"), tie("value")),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
  }))

  test("shows what a plain walk along both shows", () => {
    fc.assert(
      fc.property(schema, value, (schema, value) => {
        expect(redact(schema, value)).toEqual(walk(schema, value))
      }),
      { numRuns: 3_000 },
    )
  })

  /** The rules as they read, asking zod of each leaf. */
  function walk(schema: z.ZodType, value: unknown): unknown {
    // biome-ignore lint/suspicious/noExplicitAny: what zod keeps of a schema has no type for all kinds
    const { def } = schema as any
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value)
    if (value === undefined || value === null) return value
    if (schema.meta()?.pii) return "[redacted]"
    if (def.innerType) return walk(def.innerType, value)
    if (/^(string|number|boolean|null|enum|literal)$/.test(def.type))
      return schema.safeParse(value).success ? value : "[redacted]"
    if (def.type === "array" && Array.isArray(value)) return value.map((item) => walk(def.element, item))
    if (def.type === "record" && isRecord)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(def.valueType, item)]))
    if (def.type === "object" && isRecord) {
      const shown = Object.entries(value).map(([key, item]) =>
        Object.hasOwn(def.shape, key) ? [key, walk(def.shape[key], item)] : ["[redacted]", "[redacted]"],
      )
      return Object.fromEntries(shown)
    }
    const fitting = def.options?.find((option: z.ZodType) => option.safeParse(value).success)
    if (fitting) return walk(fitting, value)
    if (def.type === "pipe" && walk(def.in, value) !== "[redacted]") return walk(def.out, value)
    return "[redacted]"
  }
})

test("still tells one mail from another by what is not personal", () => {
  const payload = email.payload.parse(email.example)
  expect(redact(email.payload, payload)).toEqual({
    to: ["[redacted]"],
    template: "welcome",
    data: "[redacted]",
    locale: "pt-BR",
  })
})

test("shortens addresses and hides tokens, passwords and tax numbers in free text", () => {
  expect(redactText("sent to user@example.com and josé.silva+x@correio.com.br")).toBe(
    "sent to u***@example.com and j***@correio.com.br",
  )
  expect(redactText("redis://default:s3cr3t@host:6379 with Bearer abcdef123456 or re_123456789")).toBe(
    "redis://default:***@host:6379 with Bearer *** or re_***",
  )
  expect(redactText("CPF 123.456.789-09, CNPJ 12.345.678/0001-95, order 123.456")).toBe(
    "CPF ***, CNPJ ***, order 123.456",
  )
})

test("hides what makes a link to a file in S3 one that opens", () => {
  const link = (token: string, signature: string) =>
    `https://s3.example/files/a.pdf?X-Amz-Expires=60&X-Amz-Security-Token=${token}&X-Amz-Signature=${signature}`
  expect(redactText(`see ${link("IQoJb3JpZ2luX2VjE%2F%3D", "0a1b2c3d".repeat(8))}, or ask`)).toBe(
    `see ${link("***", "***")}, or ask`,
  )
})

test("shortens addresses that stand in a URL", () => {
  expect(redactText("GET https://app.example.com/?mail=ana%40example.com&page=2 failed")).toBe(
    "GET https://app.example.com/?mail=a***@example.com&page=2 failed",
  )
  expect(redactText("next=%2Fin%3Fmail%3Dana%2540example.com, 40% of it, 100%40")).toBe(
    "next=%2***@example.com, 40% of it, 100%40",
  )
})

describe("of tax ids without their dots", () => {
  test.each([
    ["CPF 52998224725.", "CPF ***."],
    ["cpf_52998224725.pdf, 11.222.333/0001-81 and 11222333000181", "cpf_***.pdf, *** and ***"],
    ["/companies/12ABC34501DE35?cpf=52998224725", "/companies/***?cpf=***"],
    ["12.ABC.345/01DE-35", "***"],
  ])("%p is told as %p", (text, told) => expect(redactText(text)).toBe(told))

  test.each([
    "52998224726",
    "20260105090000",
    "152998224725",
    "R52998224725",
    "0.52998224725",
    "52998224725.5",
    "CONFIRMATION",
  ])("%s is left as it is", (text) => expect(redactText(text)).toBe(text))

  test("ids and times of runs can be read, whatever their digits", () => {
    const ids = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase()))
    // Since then they have thirteen digits, and no tax id has.
    const slots = fc.date({ noInvalidDate: true, min: new Date("2001-09-10"), max: new Date("2100-01-01") })
    fc.assert(
      fc.property(ids, slots, (id, slot) => {
        const line = `Job ${id} of ${slotRunId("payment-reminders", slot)} at ${slot.getTime()} (${slot.toISOString()})`
        expect(redactText(line)).toBe(line)
      }),
    )
  })
})

test("takes any text, however odd", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof redactText(text) === "string"))
})

test("takes no longer over a long text than its length deserves", () => {
  const signs = [
    "a",
    "1",
    "A",
    ".",
    "@",
    "%40",
    "%25",
    "_",
    "-",
    ":",
    "/",
    " ",
    "Bearer ",
    "est_",
    "X-Amz-Signature=",
  ]
  const piece = fc
    .array(fc.constantFrom(...signs), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(""))
  const patient = (piece: string) => {
    const text = piece.repeat(60_000 / piece.length)
    const began = performance.now()
    redactText(text)
    // What takes the square of a length takes minutes for this one.
    expect(performance.now() - began).toBeLessThan(2_000)
  }
  fc.assert(fc.property(piece, patient), { numRuns: 50 })
})
