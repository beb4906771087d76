import type { Locale } from "../../lib/locale.ts"
import type { Paper } from "../documents/pdf/paper.ts"
import type { Table, TableColumn } from "../documents/pdf/table.ts"
import type { Cell, Kind } from "../documents/table.ts"
import { cellFormat } from "./format.ts"
import type { Section, SectionColumn } from "./section.ts"

/** Points that the values of a kind take. */
const WIDTHS: Partial<Record<Kind, number>> = { money: 58, date: 50, integer: 24, number: 36, percent: 36 }

const TITLE = { size: 8.5, face: "bold" } as const

/** The table of a section as it stands on paper: some columns below others, sums of money without their sign, which the header has. */
export function printed({ pen }: Paper, { columns, rows, totals }: Section, locale: Locale): Table {
  const groups = groupsOf(columns)
  const format = cellFormat(locale)
  const money = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 })
  const asText = ({ kind }: SectionColumn, value: Cell) =>
    kind === "money" && typeof value === "number"
      ? money.format(value / 100)
      : format(kind, value).replaceAll("\n", " ")
  const asTexts = (row: Cell[]) =>
    groups.map((group) => group.map((place) => asText(columns[place]!, row[place] ?? null)).join("\n"))
  const titleOf = ({ name, kind }: SectionColumn) => (kind === "money" ? `${name} (R$)` : name)

  return {
    columns: groups.map((group): TableColumn => {
      const { kind, weight = 1 } = columns[group[0]!]!
      const title = group.map((place) => titleOf(columns[place]!)).join("\n")
      const width = WIDTHS[kind]
      if (width === undefined) return { title, align: "left", weight }
      return {
        title,
        align: kind === "date" ? "left" : "right",
        width: Math.max(width, pen.width(titleOf(columns[group[0]!]!), TITLE)),
      }
    }),
    rows: mapped(rows, asTexts),
    totals: totals && [
      "Total",
      ...asTexts(totals)
        .slice(1)
        .map((text) => text.trimEnd()),
    ],
  }
}

async function* mapped(rows: Section["rows"], asTexts: (row: Cell[]) => string[]) {
  for await (const batch of rows) yield batch.map(asTexts)
}

/** The places of the columns that stand together, each with those below it. */
function groupsOf(columns: SectionColumn[]): number[][] {
  const groups: number[][] = []
  for (const [place, { isBelow }] of columns.entries()) {
    if (isBelow) groups.at(-1)!.push(place)
    else groups.push([place])
  }
  return groups
}
