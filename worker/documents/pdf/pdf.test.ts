import { describe, expect, test } from "bun:test"
import { setImmediate as turn } from "node:timers/promises"
import { askPoppler, hasPoppler } from "../../../sandbox/poppler.ts"
import { drawFigures, drawHeading, drawParagraph } from "./blocks.ts"
import { pdfBytes } from "./bytes.ts"
import { drawChart } from "./chart.ts"
import { openPdf } from "./document.ts"
import { layOut } from "./line.ts"
import { AREA } from "./paper.ts"
import { drawTable } from "./table.ts"
import { drawn, tableOf } from "./testing.ts"

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => [`Rua Quinze de Novembro, ${index}`, `R$ ${index},00`])

const longTable = (count: number) =>
  drawn((paper) => drawTable(paper, tableOf(["Imóvel", "Valor"], rows(count))))

describe.skipIf(!hasPoppler)("a reader of PDF", () => {
  test("finds every letter, accents, other scripts and signs included, and none of what is no text", async () => {
    const names = [
      "São João d'Água Fêmea ÀÇÕü",
      "Łukasz Żółć",
      "שלום",
      "محمد",
      "Ольга Δ",
      "Ana 😀",
      "a\u0000b\u202Ec\td",
    ]
    const pdf = await drawn((paper) =>
      drawTable(
        paper,
        tableOf(
          ["Nome"],
          names.map((name) => [name]),
        ),
      ),
    )
    const text = await askPoppler("pdftotext", pdf)
    for (const name of [...names.slice(0, 2), "Ольга Δ", "Ana 😀", "a bc d"]) expect(text).toContain(name)
    // What is read from the right is drawn from the right, and comes out as it is read.
    for (const name of ["שלום", "محمد"]) expect(text.normalize("NFKC")).toContain(name)
  })

  test("is told the title, the author and the language, and what is a heading, a table, a picture", async () => {
    const svg =
      '<svg width="100" height="50" viewBox="0 0 100 50"><rect width="50" height="20" fill="#123456"/></svg>'
    const pdf = await drawn((paper) => {
      drawHeading(paper, "Recebimentos")
      drawParagraph(paper, "Do mês")
      drawFigures(paper, [{ label: "Recebido", value: "R$ 10,00" }])
      drawChart(paper, { svg, width: 100, height: 50, alternative: "Barras" })
      return drawTable(paper, tableOf(["Imóvel"], [["Casa"]]))
    })
    expect(pdf.toString("latin1")).toContain("/Lang (pt-BR)")
    expect(pdf.toString("latin1")).toContain("/DisplayDocTitle true")
    expect(pdf.toString("latin1")).toContain("/Alt (Barras)")
    const info = await askPoppler("pdfinfo", pdf)
    expect(info).toMatch(/Title: +Relatório de março\n/)
    expect(info).toMatch(/Author: +Imobiliária Araucária\n/)
    expect(info).toMatch(/Tagged: +yes\n/)
    const structure = (await askPoppler("pdfinfo", pdf, "-struct-text")).replaceAll(/ *\n */g, "\n")
    expect(structure).toContain(
      'Document\nH2 (block)\n"Recebimentos"\nP (block)\n"Do mês "\nP (block)\n"Recebido R$ 10,00"\nFigure',
    )
    expect(structure).toContain('Table (block)\nTBody\nTR\nTH:\n/Scope /Column\n"Imóvel"\nTR\nTD\n"Casa"\n')
  })

  test("finds the header of a table on each of its pages, each with its number and that of all", async () => {
    const text = await askPoppler("pdftotext", await longTable(120), "-layout")
    const pages = text.split("\f").slice(0, -1)
    expect(pages).toHaveLength(3)
    for (const [index, page] of pages.entries()) {
      expect(page).toMatch(/^\s*Imóvel +Valor\n/)
      expect(page).toMatch(new RegExp(`Imobiliária Araucária +Página ${index + 1} de 3\\s*$`))
    }
    expect([...text.matchAll(/Novembro, (\d+)/g)].map(([, number]) => Number(number))).toEqual([
      ...Array(120).keys(),
    ])
  })

  test("finds the number of each page end where the text does, however many digits it has", async () => {
    for (const [count, pages] of [
      [120, "3"],
      [6_000, "118"],
    ] as const) {
      const words = await askPoppler("pdftotext", await longTable(count), "-bbox", "-l", "2")
      const totals = [...words.matchAll(/>de<\/word>\s*<word .*xMax="([\d.]+)".*>(\d+)</g)]
      expect(totals.map(([, , total]) => total)).toEqual([pages, pages])
      for (const [, end] of totals) expect(Number(end)).toBeCloseTo(AREA.right, 1)
    }
  })

  test("is read every row of a table that is too long to be read cell by cell", async () => {
    const structure = await askPoppler("pdfinfo", await longTable(700), "-struct-text")
    expect(structure).toContain('"R$ 499,00"')
    expect(structure).toContain('"Rua Quinze de Novembro, 699 R$ 699,00 "')
    expect(structure.match(/^ +TR$/gm)).toHaveLength(701)
  })

  test("finds what does not fit in its column cut, with a sign that says so", async () => {
    const endless = "W".repeat(5_000)
    const pdf = await drawn((paper) =>
      drawTable(
        paper,
        tableOf(
          ["Nome", "Valor"],
          [
            [endless, "R$ 1,00"],
            ["Condomínio Edifício ".repeat(300), "R$ 2,00"],
          ],
        ),
      ),
    )
    const text = await askPoppler("pdftotext", pdf, "-layout")
    expect(text).toMatch(/^ *W{20,60}… +R\$ 1,00$/m)
    expect(text).toMatch(/^ *(?:Condomínio Edifício ){2,6}.*… +R\$ 2,00$/m)
  })
})

test("the same content made at the same moment has the same bytes", async () => {
  expect((await longTable(60)).equals(await longTable(60))).toBe(true)
})

test("everything else has its turn while a document is drawn, and nothing that is drawn is kept", async () => {
  let [turns, isDone] = [0, false]
  const others = (async () => {
    for (; !isDone; turns += 1) await turn()
  })()
  let words = 0
  await drawn(async function* (paper) {
    for await (const _ of drawTable(paper, tableOf(["Imóvel", "Valor"], rows(5_000)))) {
      words = Math.max(words, Object.keys(paper.doc._fontFamilies.regular!.layoutCache!).length)
      expect(paper.doc.readableLength).toBeLessThan(1_000_000)
      yield
    }
  })
  isDone = true
  await others
  expect(turns).toBeGreaterThan(10)
  expect(words).toBeWithin(1, 200)
})

test("stops where it is when it is told to", async () => {
  const stop = new AbortController()
  let row = 0
  const endless = function* () {
    for (;;) {
      if (++row === 1_000) stop.abort(new Error("enough"))
      yield ["Imóvel", "1"]
    }
  }
  const drawing = drawn((paper) => drawTable(paper, tableOf(["Imóvel", "Valor"], endless())), stop.signal)
  await expect(drawing).rejects.toThrow("enough")
  expect(row).toBeLessThan(100_000)
})

test("a line is as wide as pdfkit says, but for the kerning of figures", async () => {
  const doc = openPdf({ title: "x", author: "x", locale: "en", createdAt: new Date(0) })
  doc.addPage()
  for (const [text, size] of [
    ["Imobiliária Araucária", 9],
    ["AVATAR To", 14],
  ] as const) {
    expect(layOut(doc, text, { size }).width).toBeCloseTo(
      doc.font("regular").fontSize(size).widthOfString(text),
      6,
    )
  }
  expect(layOut(doc, "R$ 1.234,56", { size: 10 }).width).toBeCloseTo(
    doc.fontSize(10).widthOfString("R$ 1.234,56"),
    0,
  )
  for await (const _ of pdfBytes(doc, (async function* () {})())) expect(_.length).toBeGreaterThan(0)
})
