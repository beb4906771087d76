import { expect, test } from "bun:test"
import fc from "fast-check"
import { pixAmount, pixCode } from "./pix.ts"
import { pixCodeFor } from "./pix-code.ts"

const fulano = { key: "123e4567-e12b-12d1-a456-426655440000", name: "Fulano de Tal", city: "BRASILIA" }

test("a code is that of the Banco Central's manual, without a sum and with one", () => {
  expect(pixCodeFor(fulano)).toBe(
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D",
  )
  expect(pixCodeFor({ ...fulano, amountCents: 158_358 })).toBe(
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654071583.585802BR5913Fulano de Tal6008BRASILIA62070503***630482C0",
  )
})

test("a code with a sum and a number is that which the example of the mail has", () => {
  expect(
    pixCodeFor({
      ...fulano,
      name: "IMOBILIÁRIA ARAUCÁRIA",
      city: "MARINGÁ",
      amountCents: 178_000,
      txid: "20260000123",
    }),
  ).toBe(
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654071780.005802BR5921IMOBILIARIA ARAUCARIA6007MARINGA621505112026000012363041A71",
  )
})

test.each(["😀😀", "مؤسسة العقارات", "\u202e\u0000", ""])(
  "a payee called %j is written in letters that banks show",
  (name) => {
    expect(pixCodeFor({ ...fulano, name, city: name })).toContain("5909RECEBEDOR6006BRASIL")
  },
)

test("the longest key there is has its place", () => {
  const key = `${"a".repeat(64)}@example.com.br`.slice(-77)
  expect(pixCode.safeParse(pixCodeFor({ ...fulano, key })).success).toBe(true)
})

test("whatever the names, the sum and the number, banks can read it, and read that sum", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 200 })
  fc.assert(
    fc.property(
      texts,
      texts,
      texts,
      fc.integer({ min: 1, max: 100_000_000_000 }),
      (name, city, txid, amountCents) => {
        const code = pixCodeFor({ key: fulano.key, name, city, txid, amountCents })
        expect(pixCode.parse(code)).toBe(code)
        expect(pixAmount(code)).toBe(amountCents)
      },
    ),
  )
})
