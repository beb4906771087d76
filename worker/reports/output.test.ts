import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { unlikeness } from "../../sandbox/grey-png.ts"
import { askPoppler, hasPoppler, pictureOf } from "../../sandbox/poppler.ts"
import { asLibreOfficeShows, asOpenpyxlReads, readers } from "../../sandbox/readers.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { perform } from "../testing.ts"
import { monthly, seedAgency, stored } from "./testing.ts"

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await seedAgency()
})
afterAll(() => leave())

const fileOf = async (given: Parameters<typeof monthly>[0]) =>
  (await stored((await perform("report", monthly(given))).storageKey!))!

/** A part of the page that may differ: a line of text is more. */
const LIKE = 0.002

describe.skipIf(!hasPoppler)("on paper", () => {
  // To be looked at when it is to change, and then made anew: UPDATE_PICTURES=1 bun test worker/reports/output.test.ts
  test.each([1, 2, 3, 4])("page %d looks as it did", async (page) => {
    const picture = await pictureOf(await fileOf({}), page)
    const path = (page: number) => join(import.meta.dir, "pictures", `monthly-${page}.png`)
    if (process.env.UPDATE_PICTURES) await writeFile(path(page), picture)
    expect(unlikeness(picture, await readFile(path(page)))).toBeLessThan(LIKE)
    // Another page would be noticed.
    expect(unlikeness(picture, await readFile(path((page % 4) + 1)))).toBeGreaterThan(10 * LIKE)
  })

  test("each section is there with its figures, and charts are told in words", async () => {
    const pdf = await fileOf({})
    const text = await askPoppler("pdftotext", pdf, "-layout")
    for (const said of [
      "Relatório mensal",
      "1 a 28 de fevereiro de 2026",
      "Posição em 28 de fevereiro de 2026.",
    ])
      expect(text).toContain(said)
    for (const name of ["Carteira", "Aluguéis", "Atrasos", "Proprietários", "Interessados"])
      expect(text).toMatch(new RegExp(`^\\f?${name}$`, "m"))
    expect(text).toMatch(/R\$\s60\.257,31/)
    expect(text).toMatch(/^Total +59\.555,73 +60\.257,31 +2\.995,41$/m)
    const structure = await askPoppler("pdfinfo", pdf, "-struct")
    expect(structure.match(/^ +Figure/gm)).toHaveLength(4)
    expect(pdf.includes(Buffer.from("Cobrado e recebido por mês. Cobrado: mar/25", "utf16le").swap16())).toBe(
      true,
    )
  })

  test("without charts there is none", async () => {
    const structure = await askPoppler("pdfinfo", await fileOf({ includeCharts: false }), "-struct")
    expect(structure).not.toContain("Figure")
  })

  test("in English, of a period without anything", async () => {
    const days = { type: "custom", startDate: "2010-01-01", endDate: "2010-01-31" } as const
    const text = await askPoppler("pdftotext", await fileOf({ ...days, locale: "en" }), "-layout")
    expect(text).toContain("Report of a period")
    expect(text).toContain("January 1 – 31, 2010")
    expect(text.match(/Nothing to list\./g)).toHaveLength(5)
  })
})

describe("of what people type", () => {
  const HOSTILE = [
    '=HYPERLINK("http://evil.example";"x")',
    "+1+1",
    "@SUM(A1)",
    "Ana 😀 \u{1F468}\u200D\u{1F469}\u200D\u{1F467}",
    "محمد الخطيب",
    "x".repeat(5_000),
    'a;b"c\nd',
    "<script>&",
  ]

  beforeAll(async () => {
    const renters = await pool()<{ id: number }[]>`
      select distinct renter_id as id from rental_contracts where agency_id = 2 and status = 'active' order by id
    `
    for (const [index, { id }] of renters.entries())
      await pool()`update renters set name = ${HOSTILE[index % HOSTILE.length]!} where id = ${id}`
  })

  const rental: Parameters<typeof monthly>[0] = { agencyId: 2, content: ["rental"], type: "yearly" }

  test("CSV is read back by PostgreSQL, with nothing that a spreadsheet would calculate", async () => {
    const csv = await fileOf({ ...rental, format: "csv" })
    expect(csv.subarray(0, 3).toString("hex")).toBe("efbbbf")
    const columns = ["due", "contract", "renter", "property", "charged", "received", "open", "paid", "state"]
    const rows = await pool().begin(async (tx) => {
      await tx`create temporary table read_back ${tx.unsafe(`(${columns.map((name) => `${name} text`).join(", ")})`)} on commit drop`
      const into = await tx`copy read_back from stdin with (format csv, delimiter ';', header)`.writable()
      await new Promise<void>((resolve, reject) => {
        into.on("error", reject).on("finish", resolve)
        into.end(csv.subarray(3))
      })
      return [
        ...(await tx<
          { renter: string; due: string; charged: string }[]
        >`select renter, due, charged from read_back`),
      ]
    })
    expect(rows.length).toBeGreaterThan(80)
    const names = new Set(rows.map(({ renter }) => renter))
    for (const name of HOSTILE) expect(names.has(/^[=+@]/.test(name) ? `'${name}` : name)).toBe(true)
    expect(
      rows.every(({ due, charged }) => /^\d\d\/\d\d\/2025$/.test(due) && /^(?:\d+,\d\d)?$/.test(charged)),
    ).toBe(true)
  })

  test.skipIf(!hasPoppler)("a PDF has it, cut where it is too long", async () => {
    const text = await askPoppler("pdftotext", await fileOf({ ...rental }), "-layout")
    for (const name of [...HOSTILE.slice(0, 3), "Ana 😀", "<script>&", 'a;b"c d'])
      expect(text).toContain(name)
    expect(text).toMatch(/x{30,80}…/)
  })

  test.skipIf(!readers.openpyxl)("a workbook has it as texts, and sums as numbers", async () => {
    const path = join(await temporaryFolder(), "report.xlsx")
    await writeFile(path, await fileOf({ ...rental, format: "xlsx" }))
    const sheets = (await asOpenpyxlReads(
      path,
      "print(json.dumps([[s.title, s.freeze_panes, [[c.value if isinstance(c.value, (int, float)) else c.value and str(c.value) for c in r] for r in s.rows], [c.data_type for c in s[2]]] for s in book]))",
    )) as [string, string, (string | number | null)[][], string[]][]
    expect(sheets.map(([title, frozen]) => [title, frozen])).toEqual([
      ["Resumo", "A2"],
      ["Aluguéis", "A2"],
    ])
    const [, , [head, ...rows], kinds] = sheets[1]!
    expect(head).toEqual([
      "Vencimento",
      "Contrato",
      "Locatário",
      "Imóvel",
      "Cobrado",
      "Recebido",
      "Em aberto",
      "Pago em",
      "Situação",
    ])
    expect(kinds).toEqual(["d", "s", "s", "s", "n", "n", "n", "d", "s"])
    const [, , [, [, , received]]] = sheets[0]! as never as [
      string,
      string,
      [unknown, [string, string, number]],
    ]
    expect(rows.reduce((sum, row) => sum + Math.round(100 * Number(row[5] ?? 0)), 0)).toBe(
      Math.round(100 * received),
    )
    for (const name of HOSTILE) expect(rows.some((row) => row[2] === name)).toBe(true)
  })

  test.skipIf(!readers.libreOffice)("LibreOffice opens a sheet for each section", async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, "report.xlsx"), await fileOf({ format: "xlsx" }))
    const shown = await asLibreOfficeShows(join(folder, "report.xlsx"), folder)
    expect(Object.keys(shown)).toEqual([
      "Resumo",
      "Carteira",
      "Aluguéis",
      "Atrasos",
      "Proprietários",
      "Interessados",
    ])
    expect(shown.Proprietários).toContain("Antônio Carlos Bertolini;2;R$ 4,717.44;")
  })
})
