import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { pixAmount, pixCode } from "./pix.ts"

const fixed =
  "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
const recurring =
  "00020126180014br.gov.bcb.pix5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***80800014br.gov.bcb.pix2558pix.example.com/qr/v2/rec/2353c790eefb11eaadc10242ac120002630462C9"
const dynamic =
  "00020101021226770014BR.GOV.BCB.PIX2555pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a995204000053039865802BR5907EMPRESA6009SAO PAULO62070503***6304EEAB"
const priced =
  "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654071583.585802BR5913Fulano de Tal6008BRASILIA62070503***630482C0"

const isCode = (code: string) => pixCode.safeParse(code).success

describe("a PIX code", () => {
  test.each([fixed, recurring, dynamic, priced])("is taken as the Banco Central writes it: %s", (code) => {
    expect(pixCode.parse(` ${code}\n`)).toBe(code)
  })

  test("is refused whichever of its characters is another one, or missing", () => {
    for (const [at, was] of [...priced].entries()) {
      expect(isCode(priced.slice(0, at) + priced.slice(at + 1))).toBe(false)
      expect(isCode(priced.slice(0, at) + (was === "7" ? "8" : "7") + priced.slice(at + 1))).toBe(false)
    }
  })

  test("is refused when a length does not fit, though the checksum does", () => {
    expect(
      isCode(
        "00020126330014br.gov.bcb.pix01111234567890052040000530398654040.015802BR5913Fulano de Tal6008BRASILIA62080503***6304ECC0",
      ),
    ).toBe(false)
  })

  test("is none of whatever else there is", () => {
    fc.assert(fc.property(fc.string(), (text) => !isCode(text) && pixAmount(text) === undefined))
  })
})

test("says what it asks for, if it does", () => {
  expect(pixAmount(priced)).toBe(158_358)
  expect(pixAmount(fixed)).toBeUndefined()
})
