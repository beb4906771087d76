import { formatDate, formatInstant, formatPeriod } from "../../lib/format.ts"
import { drawFigures, drawHeading, drawParagraph } from "../documents/pdf/blocks.ts"
import { pdfBytes } from "../documents/pdf/bytes.ts"
import { drawChart } from "../documents/pdf/chart.ts"
import { AREA, openPaper, type Paper } from "../documents/pdf/paper.ts"
import { drawTable } from "../documents/pdf/table.ts"
import { HAIRLINE, SOFT, themeOf } from "../documents/pdf/theme.ts"
import { chartSvg } from "./chart-svg.ts"
import { cellFormat } from "./format.ts"
import { printed } from "./printed.ts"
import { highlightsOf, type Report } from "./report.ts"
import type { Section } from "./section.ts"
import { inLanguage } from "./words.ts"

/** Figures on the first page. */
const AT_A_GLANCE = 8

/** Rows that a document has room for, on well over a thousand pages: nobody leafs through more. */
export const MOST_ROWS_ON_PAPER = 100_000

/** Points that a heading and what follows it take at least. */
const ROOM = 210

/** A report as PDF, in the colours of its agency. */
export function reportPdf(report: Report, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { title, author, locale, at, agency } = report
  const paper = openPaper({
    title: `${title} · ${formatPeriod(report.period.start, report.period.end, locale)}`,
    author,
    locale,
    createdAt: at,
    theme: themeOf(agency?.brandColour),
    footer: `${author} · ${title} · ${formatPeriod(report.period.start, report.period.end, locale)}`,
  })
  return pdfBytes(paper.doc, draw(paper, report), signal)
}

async function* draw(paper: Paper, report: Report): AsyncGenerator<void> {
  drawCover(paper, report)
  yield
  for (const section of report.sections) {
    yield* drawSection(paper, section, report)
    yield
  }
  paper.end()
}

function drawCover(paper: Paper, { title, author, period, locale, zone, at, asOf, sections }: Report) {
  const { doc, pen, tags, theme } = paper
  const words = inLanguage(locale, {
    "pt-BR": { asOf: "Posição em", made: "Gerado em", glance: "Em resumo" },
    en: { asOf: "As of", made: "Made on", glance: "At a glance" },
  })
  tags.artifact(() => doc.rect(AREA.left, paper.y, AREA.width, 4).fill(theme.accent))
  pen.lift()
  const place = { x: AREA.left, width: AREA.width }
  tags.mark("P", () =>
    pen.write(author, { ...place, y: paper.y + 14 }, { size: 11, face: "bold", color: theme.accent }),
  )
  tags.mark("H1", () => pen.write(title, { ...place, y: paper.y + 30 }, { size: 24, face: "bold" }))
  tags.mark("P", () =>
    pen.write(formatPeriod(period.start, period.end, locale), { ...place, y: paper.y + 61 }, { size: 13 }),
  )
  const made = `${words.asOf} ${formatDate(asOf, locale)}. ${words.made} ${formatInstant(at.toISOString(), locale, zone)}.`
  tags.mark("P", () => pen.write(made, { ...place, y: paper.y + 82 }, { size: 8.5, color: SOFT }))
  tags.artifact(() =>
    doc
      .moveTo(AREA.left, paper.y + 100)
      .lineTo(AREA.right, paper.y + 100)
      .lineWidth(0.75)
      .stroke(HAIRLINE),
  )
  paper.y += 110
  if (sections.filter(({ figures }) => figures.length).length > 1)
    drawFigures(paper, shown(highlightsOf(sections, AT_A_GLANCE), locale))
}

async function* drawSection(paper: Paper, section: Section, report: Report): AsyncGenerator<void> {
  const { locale, includeCharts } = report
  drawHeading(paper, section.name, 2, ROOM)
  drawParagraph(paper, section.note)
  drawFigures(paper, shown(section.figures, locale))
  yield
  for (const chart of includeCharts ? section.charts.filter(hasSomething) : []) {
    drawHeading(paper, chart.title, 3, ROOM)
    drawChart(paper, chartSvg(chart, paper.theme, locale))
    yield
  }
  paper.y += 6
  const count = yield* drawTable(paper, printed(paper, section, locale))
  if (count === 0)
    drawParagraph(paper, inLanguage(locale, { "pt-BR": "Nada a listar.", en: "Nothing to list." }))
}

const shown = (figures: Section["figures"], locale: Report["locale"]) => {
  const format = cellFormat(locale)
  return figures.map(({ label, kind, value }) => ({ label, value: format(kind, value) || "–" }))
}

const hasSomething = ({ series }: Section["charts"][number]) =>
  series.some(({ values }) => values.some((value) => value > 0))
