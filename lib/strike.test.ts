import { expect, test } from "bun:test"
import { createStrike } from "./strike.ts"

const strikeOf = (...hidden: string[]) => createStrike(hidden)

test("takes a text out wherever it stands, in small letters and capitals", () => {
  const strike = strikeOf("Ana Beatriz", "João")
  expect(strike("could not greet Ana Beatriz: ANA BEATRIZ, (joão), JOÃO!")).toBe(
    "could not greet [redacted]: [redacted], ([redacted]), [redacted]!",
  )
  expect(strike("nobody here")).toBe("nobody here")
})

test("leaves the words that a short text is only part of, and finds a long one in any", () => {
  const strike = strikeOf("Ana", "12345", "11987654321")
  expect(strike("banana, anatomy, Ana's, ana_1, ana-bia")).toBe(
    "banana, anatomy, [redacted]'s, [redacted]_1, [redacted]-bia",
  )
  expect(strike('Olá%20Ana, %C3%A1na, {"text":"\\nAna"}')).toBe(
    'Olá%20[redacted], %C3%A1na, {"text":"\\n[redacted]"}',
  )
  expect(strike("12345 of 1234567, +5511987654321")).toBe("[redacted] of 1234567, +55[redacted]")
})

test("takes the longest of those that begin at the same place", () => {
  expect(
    strikeOf("Ana", "Ana Beatriz Souza", "Ana Beatriz")("Ana Beatriz Souza and Ana Beatriz and Ana"),
  ).toBe("[redacted] and [redacted] and [redacted]")
})

test("knows a text as it stands in JSON and in URLs", () => {
  const strike = strikeOf('João "Jô" Souza')
  const told = strike(
    `${JSON.stringify({ name: 'João "Jô" Souza' })} /${encodeURIComponent('João "Jô" Souza')}?${new URLSearchParams({ name: 'João "Jô" Souza' })}`,
  )
  expect(told).toBe('{"name":"[redacted]"} /[redacted]?name=[redacted]')
})

test("knows a text however its accents are composed", () => {
  for (const [hidden, told] of [
    ["João", "Joa\u0303o"],
    ["Joa\u0303o", "João"],
    ["Ângela Conceição", "A\u0302ngela Conceic\u0327a\u0303o"],
  ] as const) {
    expect(strikeOf(hidden)(`could not greet ${told}, ${told.toUpperCase()}`)).toBe(
      "could not greet [redacted], [redacted]",
    )
    expect(strikeOf(hidden)(`/greet/${encodeURIComponent(told)}?to=${encodeURIComponent(told)}`)).toBe(
      "/greet/[redacted]?to=[redacted]",
    )
  }
  // A letter with its accent beside it is another letter.
  expect(strikeOf("Joa")("Joa\u0303o, joá, Joa")).toBe("João, joá, [redacted]")
})

test("knows a telephone however it is written", () => {
  for (const hidden of [
    "+55 44 99912-3456",
    "+5544999123456",
    "(44) 99912-3456",
    "44999123456",
    "55 (44) 99912.3456",
  ]) {
    const strike = strikeOf(hidden)
    for (const told of [
      "+55 44 99912-3456",
      "+5544999123456",
      "5544999123456",
      "(44) 99912-3456",
      "44 9 9912 3456",
      "tel:+55-44-99912-3456",
      "%2B5544999123456",
      '{"phone":"+5544999123456"}',
    ])
      expect([hidden, told, strike(`no answer at ${told}`)]).toEqual([
        hidden,
        told,
        expect.not.stringMatching(/9.?912.?3456/),
      ])
    expect(strike("run 44999123457 of 2026-02-10, 99912, 3456")).toBe(
      "run 44999123457 of 2026-02-10, 99912, 3456",
    )
  }
})

test("takes a text for what it is, not for a pattern", () => {
  expect(strikeOf("a.*(b", "c{2}[d]", "^$|\\\\")("axxb a.*(b c{2}[d] ^$|\\\\")).toBe(
    "axxb [redacted] [redacted] [redacted]",
  )
})
