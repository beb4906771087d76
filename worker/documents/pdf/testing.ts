import { pdfBytes } from "./bytes.ts"
import { openPaper, type Paper } from "./paper.ts"
import type { Table } from "./table.ts"
import { themeOf } from "./theme.ts"

/** A document as a file, with whatever is drawn on its paper. */
export async function drawn(
  draw: (paper: Paper) => AsyncGenerator<void, unknown> | undefined,
  signal?: AbortSignal,
): Promise<Buffer> {
  const paper = openPaper({
    title: "Relatório de março",
    author: "Imobiliária Araucária",
    locale: "pt-BR",
    createdAt: new Date("2026-04-01T03:00:00Z"),
    theme: themeOf("#0f5c4f"),
    footer: "Imobiliária Araucária",
  })
  const drawing = async function* () {
    yield* draw(paper) ?? []
    paper.end()
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of pdfBytes(paper.doc, drawing(), signal)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A table of these rows, the first column wide, the others of figures. */
export const tableOf = (titles: string[], rows: Iterable<string[]>): Table => ({
  columns: titles.map((title, index) => ({
    title,
    weight: index ? 1 : 3,
    align: index ? "right" : "left",
  })),
  rows: inBatches(rows),
})

async function* inBatches(rows: Iterable<string[]>) {
  for (const row of rows) yield [row]
}
