import type { Bytes } from "../../lib/storage/types.ts"
import { csv } from "../documents/csv/csv.ts"
import type { Cell, Table } from "../documents/table.ts"
import { xlsx } from "../documents/xlsx/xlsx.ts"
import type { Report } from "./report.ts"
import { inLanguage } from "./words.ts"

/** A report as a workbook: its figures on the first sheet, then one for each section. */
export const reportXlsx = (report: Report): AsyncGenerator<Bytes> =>
  xlsx([summaryOf(report), ...report.sections], { date: report.at })

/**
 * A report as CSV: of one section its table alone, so that it can be read in as it is; of several one below the other, each
 * below its name.
 */
export async function* reportCsv({ sections }: Report): AsyncGenerator<Uint8Array> {
  let isFirst = true
  for (const section of sections) {
    if (sections.length > 1) yield encoder.encode(`${isFirst ? MARK : "\n"}${section.name}\n`)
    for await (const bytes of csv(section)) {
      yield isMarked(bytes) && sections.length > 1 ? bytes.subarray(MARK_BYTES) : bytes
    }
    isFirst = false
  }
}

const encoder = new TextEncoder()
const MARK = "\ufeff"
const MARK_BYTES = 3

/** Every table comes with the mark of UTF-8, and a file has it once. */
const isMarked = ([first, second, third]: Uint8Array) => first === 0xef && second === 0xbb && third === 0xbf

/** Money, counts and parts stand in columns of their own: a column has one format. */
function summaryOf({ sections, locale }: Report): Table {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Resumo",
      section: "Seção",
      figure: "Indicador",
      value: "Valor",
      count: "Quantidade",
      part: "Percentual",
      text: "Descrição",
    },
    en: {
      name: "Summary",
      section: "Section",
      figure: "Figure",
      value: "Value",
      count: "Count",
      part: "Percentage",
      text: "Description",
    },
  })
  const rows = sections.flatMap(({ name, figures }) =>
    figures.map(({ label, kind, value }): Cell[] => [
      name,
      label,
      ...(["money", "integer", "percent", "text"] as const).map((wanted) => (kind === wanted ? value : null)),
    ]),
  )
  return {
    name: words.name,
    columns: [
      { name: words.section, kind: "text" },
      { name: words.figure, kind: "text" },
      { name: words.value, kind: "money" },
      { name: words.count, kind: "integer" },
      { name: words.part, kind: "percent" },
      { name: words.text, kind: "text" },
    ],
    rows: [rows],
  }
}
