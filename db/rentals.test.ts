import { expect, test } from "bun:test"
import { isTaxId } from "../lib/tax-id.ts"
import { pool } from "./pool.ts"

const isOneIn = async (name: string, text: string) => {
  const [row] = await pool().unsafe<[{ answer: boolean }]>(`select ${name}($1) as answer`, [text])
  return row.answer
}

test("PostgreSQL and the code agree on what a tax id is", async () => {
  const valid = [
    "52998224725",
    "12345678909",
    "11144477735",
    "12345678000195",
    "11222333000181",
    "12ABC34501DE35",
  ]
  const nearly = valid.flatMap((id) =>
    [...id].map((digit, at) => id.slice(0, at) + (digit === "7" ? "8" : "7") + id.slice(at + 1)),
  )
  for (const id of [...valid, ...nearly, "00000000000", "11111111111111"])
    expect([id, await isOneIn("is_tax_id", id)]).toEqual([id, isTaxId(id)])
  for (const other of ["", "5299822472", "529982247250", "529.982.247-25", "12abc34501de35"])
    expect(await isOneIn("is_tax_id", other)).toBe(false)
})

test.each([
  "52998224725",
  "11222333000181",
  "+5544999990000",
  "financeiro@araucaria.example",
  "123e4567-e12b-12d1-a456-426655440000",
])("%s is a key of PIX", async (key) => expect(await isOneIn("is_pix_key", key)).toBe(true))

test.each([
  "52998224726",
  "44999990000",
  "Financeiro@araucaria.example",
  "joão@example.com",
  "123E4567-e12b-12d1-a456-426655440000",
])("%s is none", async (key) => expect(await isOneIn("is_pix_key", key)).toBe(false))
