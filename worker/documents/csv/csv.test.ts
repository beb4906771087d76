import { expect, test } from "bun:test"
import fc from "fast-check"
import { pool } from "../../../db/pool.ts"
import type { Cell, Column } from "../table.ts"
import { csv } from "./csv.ts"

const write = async (columns: Column[], rows: Cell[][]) =>
  Buffer.concat(await Array.fromAsync(csv({ columns, rows: [rows] }))).toString()

const texts = (count: number): Column[] =>
  Array.from({ length: count }, (_, n) => ({ name: `c${n}`, kind: "text" }))

test("values are shown as in Brazil, after the mark that tells a spreadsheet the encoding", async () => {
  const columns: Column[] = [
    { name: "Número", kind: "integer" },
    { name: "Nome", kind: "text" },
    { name: "Valor", kind: "money" },
    { name: "Taxa", kind: "percent" },
    { name: "Área", kind: "number" },
    { name: "Vencimento", kind: "date" },
    { name: "Pago em", kind: "moment" },
    { name: "Pago", kind: "boolean" },
  ]
  const rows = [
    [7, "Ana; 😀", -155_050, 2.5, 61.25, "2026-02-10", "2026-02-10 14:30:05", true],
    columns.map(() => null),
    ["many", "", "x", "-1", "y", "soon", "now", "maybe"],
  ]
  expect(await write(columns, rows)).toBe(
    [
      "\ufeffNúmero;Nome;Valor;Taxa;Área;Vencimento;Pago em;Pago",
      '7;"Ana; 😀";-1550,50;2,5%;61,25;10/02/2026;10/02/2026 14:30:05;Sim',
      ";;;;;;;",
      `many;"";x;'-1;y;soon;now;maybe\n`,
    ].join("\n"),
  )
})

test.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "  =1",
  "\u00a0=1",
  "＝1",
  "＋1",
  "－1",
  "＠1",
  '=cmd|"/c calc"!A1',
])("%j is shown, and not calculated", async (formula) => {
  const [, line] = (await write(texts(1), [[formula]])).split(/\n(?=.)/s)
  expect(line!.replace(/^"|"?\n$/g, "").replaceAll('""', '"')).toBe(`'${formula}`)
})

test("a column's name is guarded as well", async () => {
  expect(await write([{ name: "=1+1", kind: "text" }], [])).toBe("\ufeff'=1+1\n")
})

test("PostgreSQL reads any texts back as they were, but for the apostrophes", async () => {
  await pool()`create table if not exists csv_read_back (place int generated always as identity, one text, other text)`
  const text = fc.string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll("\0", ""))
  const cell = fc.oneof(
    text,
    fc.constantFrom("\\.", '"', ";", "a\nb", "a\r\nb", "=1", " x ", ""),
    fc.constant(null),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
      const written = (await write(texts(2), rows)).slice(1)
      const read = await pool().begin(async (tx) => {
        await tx`truncate csv_read_back restart identity`
        const into =
          await tx`copy csv_read_back (one, other) from stdin (format csv, header, delimiter ';')`.writable()
        await new Promise<void>((resolve, reject) =>
          into.on("error", reject).on("finish", resolve).end(written),
        )
        return await tx`select one, other from csv_read_back order by place`
      })
      const guardless = (text: string | null) => text?.replace(/^'(?=\s*[=+\-@\t\r＝＋－＠])/, "") ?? null
      expect(read.map(({ one, other }) => [guardless(one), guardless(other)])).toEqual(
        rows.map(([one, other]) => [guardless(one), guardless(other)]),
      )
    }),
    { numRuns: 100 },
  )
})
