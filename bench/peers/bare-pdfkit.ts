import PDFDocument from "pdfkit"
import SVGtoPDF from "svg-to-pdfkit"
import { fontFile } from "../../worker/documents/pdf/fonts.ts"
import { drawnParts } from "../report-data.ts"

// The same texts and charts in the same places by pdfkit as it comes: no structure, no turn for anybody else.
const MARGIN = 40
const WIDTHS = [50, 45, 110, 110, 58, 58, 45]
const LINE = 14

process.on("message", async (count: number) => {
  const { drawings, columns, rows } = await drawnParts(count)
  const began = performance.now()
  const doc = new PDFDocument({ size: "A4", margin: 0, font: null as never })
  let bytes = 0
  doc.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length
  })
  const ended = new Promise((resolve) => doc.on("end", resolve))
  doc.registerFont("regular", fontFile("regular")).registerFont("bold", fontFile("bold"))

  let [y, page] = [MARGIN, 1]
  for (const { svg, width, height } of drawings) {
    const tall = (515 * height) / width
    const plain = svg.replace(/<svg width="\d+" height="\d+"/, "<svg")
    SVGtoPDF(doc, plain, MARGIN, y, {
      width: 515,
      height: tall,
      assumePt: true,
      fontCallback: () => "regular",
    })
    y += tall + 20
  }
  const foot = () => {
    doc.font("regular").fontSize(8).fillColor("#56615d")
    doc.text(`Imobiliária Araucária · Página ${page}`, MARGIN, 804, { lineBreak: false })
  }
  const head = () => {
    doc.font("bold").fontSize(8.5).fillColor("#17201d")
    write(columns.map(({ title }) => title))
    doc
      .moveTo(MARGIN, y + LINE)
      .lineTo(555, y + LINE)
      .stroke("#1f4d3a")
    doc.font("regular")
    y += LINE + 4
  }
  const write = (texts: string[]) => {
    let x = MARGIN
    for (const [index, text] of texts.entries()) {
      const isRight = columns[index]!.align === "right"
      doc.text(text, isRight ? x + WIDTHS[index]! - doc.widthOfString(text) : x, y, { lineBreak: false })
      x += WIDTHS[index]! + 6
    }
  }
  head()
  for (const [index, row] of rows.entries()) {
    if (y > 770) {
      foot()
      doc.addPage()
      page += 1
      y = MARGIN
      head()
    }
    if (index % 2) doc.rect(MARGIN, y, 515, LINE).fill("#f3f5f4").fillColor("#17201d")
    write(row)
    y += LINE
  }
  foot()
  doc.end()
  await ended
  process.send!({
    took: performance.now() - began,
    bytes,
    peak: process.resourceUsage().maxRSS / 1_024,
    delay: 0,
  })
})
process.send!({ up: true })
