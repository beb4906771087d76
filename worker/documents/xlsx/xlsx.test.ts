import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import ExcelJS from "exceljs"
import fc from "fast-check"
import { asLibreOfficeShows, asOpenpyxlReads, readers } from "../../../sandbox/readers.ts"
import { temporaryFolder } from "../../../sandbox/testing.ts"
import { unzip } from "../../../sandbox/unzip.ts"
import type { Cell, Column, Table } from "../table.ts"
import { LONGEST_CELL } from "./text.ts"
import { xlsx } from "./xlsx.ts"

const date = new Date("2026-02-10T14:30:00Z")

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

const row: Cell[] = [7, "Ana", 155_000, 2.5, 61.25, "2026-02-10", "2026-02-10 14:30:05", true]

const bytesOf = async (tables: Table[], options: { mostRows?: number } = {}) =>
  Buffer.concat(await Array.fromAsync(xlsx(tables, { date, ...options })))

async function write(tables: Table[], options: { mostRows?: number } = {}) {
  const path = join(await temporaryFolder(), "book.xlsx")
  await Bun.write(path, await bytesOf(tables, options))
  return path
}

async function read(bytes: Buffer) {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as never)
  return book
}

const texts = (values: Cell[]): Table => ({
  name: "Textos",
  columns: [{ name: "Texto", kind: "text" }],
  rows: [values.map((value) => [value])],
})

async function readTexts(values: Cell[]) {
  const sheet = (await read(await bytesOf([texts(values)]))).getWorksheet("Textos")!
  return values.map((_, place) => sheet.getCell(place + 2, 1).value)
}

test("values are what they are: numbers, sums, days, moments and truths, each in its format", async () => {
  const sheet = (await read(await bytesOf([{ name: "Dados", columns, rows: [[row, row.map(() => null)]] }])))
    .worksheets[0]!
  const cells = columns.map((_, place) => sheet.getCell(2, place + 1))
  expect(cells.map(({ value }) => value)).toEqual([
    7,
    "Ana",
    1550,
    0.025,
    61.25,
    new Date("2026-02-10T00:00:00Z"),
    new Date("2026-02-10T14:30:05Z"),
    true,
  ])
  expect(cells.map(({ numFmt }) => numFmt)).toEqual([
    "0",
    "@",
    "[$R$-416] #,##0.00;[Red]-[$R$-416] #,##0.00",
    "0.00%",
    undefined as never,
    "dd/mm/yyyy",
    "dd/mm/yyyy hh:mm:ss",
    undefined as never,
  ])
  expect(cells.map(({ alignment }) => alignment?.horizontal)).toEqual(
    columns.map(({ kind }) => (kind === "date" || kind === "moment" ? "left" : undefined)) as never,
  )
  expect(sheet.getRow(3).hasValues).toBe(false)
})

test("the head is frozen, bold and has filters over all rows, and columns are as wide as they need", async () => {
  const wide = row.with(1, "x".repeat(45))
  const [sheet] = (await read(await bytesOf([{ name: "Dados", columns, rows: [[row, wide]] }]))).worksheets
  expect(sheet!.views[0]).toMatchObject({ state: "frozen", ySplit: 1 })
  expect(sheet!.getRow(1).getCell(1).font.bold).toBe(true)
  expect(sheet!.getRow(1).values).toEqual([undefined, ...columns.map(({ name }) => name)] as never)
  expect(sheet!.autoFilter as unknown).toBe("A1:H3")
  expect(columns.map((_, place) => sheet!.getColumn(place + 1).width)).toEqual([10, 47, 16, 9, 9, 14, 20, 9])
})

test("there is a sheet for each table, under names that Excel takes, and an empty table has its head", async () => {
  const names = ["Pagamentos", "Pagamentos", "a/b:c*?[d]\\", "'History'", "", "x".repeat(40), "😀".repeat(20)]
  const book = await read(await bytesOf(names.map((name) => ({ ...texts([]), name }))))
  expect(book.worksheets.map(({ name }) => name)).toEqual([
    "Pagamentos",
    "Pagamentos (2)",
    "a b c d",
    "History (2)",
    "Planilha",
    "x".repeat(31),
    "😀".repeat(15),
  ])
  expect(book.worksheets.map((sheet) => sheet.getCell("A1").value)).toEqual(names.map(() => "Texto"))
})

test("a table with more rows than a sheet has room for goes on in the next, with its head", async () => {
  const rows = Array.from({ length: 7 }, (_, n) => [String(n)])
  const table = { ...texts([]), rows: [rows.slice(0, 5), rows.slice(5)] }
  const book = await read(await bytesOf([table], { mostRows: 4 }))
  expect(book.worksheets.map(({ name, rowCount }) => [name, rowCount])).toEqual([
    ["Textos", 4],
    ["Textos (2)", 4],
    ["Textos (3)", 2],
  ])
  expect(book.worksheets[2]!.getCell("A2").value).toBe("6")
})

test("texts come out as they went in: emoji, right to left, quotes, space around them, what looks like an escape", async () => {
  const hostile = [
    "😀 família 👨‍👩‍👧‍👦",
    "مرحبا بالعالم",
    ' "<&>" ',
    "two\nlines\n",
    "=1+1",
    "@cmd",
    "00123",
    "1e5",
    "a_x0041_b",
    "]]>",
    "\ttab",
  ]
  expect(await readTexts(hostile)).toEqual(hostile.map((text) => text.replace("_x0041_", "_x005F_x0041_")))
})

test("what XML has no character for is written as Excel does, and what no program could read is replaced", async () => {
  const xml = await sheetOf(await bytesOf([texts(["a\0b\x07c\rd", "\ud800x\ufffe\uffff"])]))
  expect(xml).toContain("a_x0000_b_x0007_c_x000D_d")
  expect(xml).toContain("\ufffdx\ufffd\ufffd")
})

test("a text that is longer than a cell can have is cut, and no character in two", async () => {
  const [long, pair] = (await readTexts([
    "x".repeat(40_000),
    `${"x".repeat(LONGEST_CELL - 2)}😀x`,
  ])) as string[]
  expect(long).toBe(`${"x".repeat(LONGEST_CELL - 1)}…`)
  expect(pair).toBe(`${"x".repeat(LONGEST_CELL - 2)}…`)
})

test("a value that is not of its column's kind is written as a text, and never as a broken number", async () => {
  const odd: Cell[] = [
    "many",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "x",
    "no number",
    "1850-02-30",
    "2026-13-45",
    "maybe",
  ]
  const sheet = (await read(await bytesOf([{ name: "Dados", columns, rows: [[odd]] }]))).worksheets[0]!
  expect(columns.map((_, place) => sheet.getCell(2, place + 1).value)).toEqual([
    "many",
    "NaN",
    "Infinity",
    "x",
    "no number",
    "1850-02-30",
    "2026-13-45",
    "maybe",
  ])
})

test("any text is read back as it was, but for what XML cannot hold", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1 }),
      async (values) => {
        const xml = await sheetOf(await bytesOf([texts(values)]))
        const found = [...xml.matchAll(/<t(?: xml:space="preserve")?>([\s\S]*?)<\/t>/g)].map(([, text]) =>
          unescaped(text!),
        )
        expect(found.slice(1)).toEqual(values.map((text) => text.replace(/[\ufffe\uffff]/g, "\ufffd")))
      },
    ),
    { numRuns: 100 },
  )
})

test("the same rows make the same bytes, in any zone", async () => {
  const table = () => ({ name: "Dados", columns, rows: [[row]] })
  const before = process.env.TZ
  const one = await bytesOf([table()])
  process.env.TZ = "Asia/Tokyo"
  const other = await bytesOf([table()])
  process.env.TZ = before ?? "UTC"
  expect(one.equals(other)).toBe(true)
})

test("what fails while rows are read fails the workbook, and to stop reading ends their source", async () => {
  let ended = 0
  async function* failing() {
    try {
      yield [row]
      throw new Error("the database went away")
    } finally {
      ended++
    }
  }
  async function* endless() {
    try {
      for (;;) yield Array.from({ length: 1_000 }, () => row)
    } finally {
      ended++
    }
  }
  const failed = bytesOf([{ name: "Dados", columns, rows: failing() }])
  expect((await failed.catch((error) => error)).message).toBe("the database went away")
  let read = 0
  for await (const bytes of xlsx([{ name: "Dados", columns, rows: endless() }], { date })) {
    read += bytes.length
    if (read > 100_000) break
  }
  expect(ended).toBe(2)
})

describe("other programs", () => {
  const book = (): Table[] => [
    { name: "Recebidos", columns, rows: [[row, ["x", "=1+1", -5, null, 0.1, "1850-01-01", "", false]]] },
    { ...texts([" José 😀 ", "مرحبا"]), name: "O'Brien & filhos" },
  ]

  test.if(readers.libreOffice)("LibreOffice shows every sheet as it is meant", async () => {
    const shown = await asLibreOfficeShows(await write(book()), await temporaryFolder())
    expect(shown).toEqual({
      Recebidos:
        "Número;Nome;Valor;Taxa;Área;Vencimento;Pago em;Pago\n7;Ana;R$ 1,550.00;2.50%;61.25;10/02/2026;10/02/2026 14:30:05;TRUE\nx;=1+1;-R$ 0.05;;0.1;1850-01-01;;FALSE\n",
      "O'Brien & filhos": "Texto\n José 😀 \nمرحبا\n",
    })
  })

  test.if(readers.openpyxl)("openpyxl reads the same values, filters and frozen heads", async () => {
    const said = await asOpenpyxlReads(
      await write(book()),
      "print(json.dumps([[s.title, s.freeze_panes, s.auto_filter.ref, [[str(c.value) for c in r] for r in s.rows]] for s in book]))",
    )
    expect(said).toEqual([
      [
        "Recebidos",
        "A2",
        "A1:H3",
        [
          columns.map(({ name }) => name),
          ["7", "Ana", "1550", "0.025", "61.25", "2026-02-10 00:00:00", "2026-02-10 14:30:05", "True"],
          ["x", "=1+1", "-0.05", "None", "0.1", "1850-01-01", "None", "False"],
        ],
      ],
      ["O'Brien & filhos", "A2", "A1:A3", [["Texto"], [" José 😀 "], ["مرحبا"]]],
    ])
  })
})

/** The XML of the first sheet. */
const sheetOf = async (bytes: Buffer) => (await unzip(bytes))["xl/worksheets/sheet1.xml"]!.toString()

const unescaped = (text: string) =>
  text
    .replace(/_x([\dA-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
