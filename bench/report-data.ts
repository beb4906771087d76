import { createRandom } from "../sandbox/fleet/random.ts"
import { themeOf } from "../worker/documents/pdf/theme.ts"
import { chartSvg } from "../worker/reports/chart-svg.ts"
import { printed } from "../worker/reports/printed.ts"
import type { Report } from "../worker/reports/report.ts"
import { type Chart, type Section, tableOf } from "../worker/reports/section.ts"

const STREETS = [
  "Rua Santos Dumont",
  "Avenida Brasil",
  "Rua Joubert de Carvalho",
  "Avenida Colombo",
  "Rua Néo Alves Martins",
]
const NAMES = [
  "Ana Beatriz Moreira",
  "José Antônio São Miguel",
  "Márcia Conceição Araújo",
  "Takeshi Watanabe",
  "Éverton Kowalski",
]
const STATES = ["Pago", "Em atraso", "A vencer"]

const theme = themeOf("#1f4d3a")

const charts: Chart[] = [
  {
    title: "Cobrado e recebido por mês",
    form: "lines",
    kind: "money",
    categories: Array.from({ length: 12 }, (_, month) => `${month + 1}/25`),
    series: [
      { name: "Cobrado", values: Array.from({ length: 12 }, (_, month) => 6_000_000 + month * 40_000) },
      {
        name: "Recebido",
        values: Array.from({ length: 12 }, (_, month) => 5_900_000 + (month % 5) * 90_000),
      },
    ],
  },
  {
    title: "Em atraso por idade",
    form: "bars",
    kind: "money",
    categories: ["1 a 30 dias", "31 a 60 dias", "61 a 90 dias", "mais de 90 dias"],
    series: [{ name: "Em atraso", values: [128_604, 156_335, 362_105, 311_050] }],
  },
  {
    title: "Do interesse ao contrato",
    form: "funnel",
    kind: "integer",
    categories: ["Interessados", "Contatados", "Visitas", "Propostas", "Fechados"],
    series: [{ name: "Interessados", values: [40, 31, 18, 9, 6] }],
  },
]

/** A report of one long table and three charts, drawn anew each time with the same numbers. */
export const reportOf = (rows: number): Report => ({
  type: "monthly",
  period: { start: "2026-02-01", end: "2026-02-28" },
  content: ["rental"],
  format: "pdf",
  locale: "pt-BR",
  includeCharts: true,
  agency: undefined,
  zone: "America/Sao_Paulo",
  at: new Date("2026-03-01T11:00:00Z"),
  asOf: "2026-02-28",
  title: "Relatório mensal",
  author: "Imobiliária Araucária",
  sections: [sectionOf(rows)],
})

/** The charts as SVG, and the table as the texts it is made of: what is drawn, without drawing it. */
export async function drawnParts(rows: number) {
  const drawings = charts.map((chart) => chartSvg(chart, theme, "pt-BR"))
  const table = printed({ pen: { width: () => 0 } } as never, sectionOf(rows), "pt-BR")
  return { drawings, columns: table.columns, rows: (await Array.fromAsync(table.rows)).flat() }
}

function sectionOf(count: number): Section {
  return {
    name: "Aluguéis",
    note: "Cobranças que vencem no período e pagamentos recebidos nele.",
    figures: [],
    charts,
    ...tableOf(
      [
        { name: "Vencimento", kind: "date", of: ({ due }) => due },
        { name: "Contrato", kind: "text", weight: 1, of: ({ contract }) => contract },
        { name: "Locatário", kind: "text", weight: 2.4, of: ({ name }) => name },
        { name: "Imóvel", kind: "text", weight: 2.4, of: ({ street }) => street },
        { name: "Cobrado", kind: "money", of: ({ charged }) => charged },
        { name: "Recebido", kind: "money", of: ({ received }) => received },
        { name: "Situação", kind: "text", weight: 1, of: ({ state }) => state },
      ],
      drawRows(count),
      count,
    ),
  }
}

function* drawRows(count: number) {
  const random = createRandom(5)
  const one = (of: string[]) => of[Math.floor(random() * of.length)]!
  for (let from = 0; from < count; from += 500) {
    yield Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
      due: `2026-02-${String(1 + Math.floor(random() * 28)).padStart(2, "0")}`,
      contract: `${2022 + ((from + index) % 4)}/${100 + ((from + index) % 900)}`,
      name: one(NAMES),
      street: `${one(STREETS)}, ${Math.floor(random() * 5_000)}`,
      charged: Math.floor(random() * 900_000),
      received: Math.floor(random() * 900_000),
      state: one(STATES),
    }))
  }
}
