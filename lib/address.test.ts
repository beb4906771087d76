import { expect, test } from "bun:test"
import { formatAddress } from "./address.ts"

const home = {
  street: "Rua XV de Novembro",
  number: "1234",
  complement: "ap. 52",
  district: "Zona 01",
  city: "Maringá",
  uf: "PR",
  zipCode: "87013230",
}

test("an address is written on a line, without what is not known of it", () => {
  expect(formatAddress(home)).toBe("Rua XV de Novembro, 1234, ap. 52, Zona 01, Maringá/PR, 87013-230")
  expect(formatAddress({ ...home, complement: null, district: "", zipCode: null })).toBe(
    "Rua XV de Novembro, 1234, Maringá/PR",
  )
  expect(formatAddress(Object.fromEntries(Object.keys(home).map((part) => [part, null])) as never)).toBe("")
})
