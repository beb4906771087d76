import type { Invoice } from "../../../db/invoices.ts"
import { clip } from "../../../lib/clip.ts"
import { formatMoney } from "../../../lib/format.ts"
import { labelOf } from "../../../lib/invoices/labels.ts"
import { drawHeading, drawParagraph } from "../pdf/blocks.ts"
import { pdfBytes } from "../pdf/bytes.ts"
import { openPaper, type Paper } from "../pdf/paper.ts"
import { drawTable } from "../pdf/table.ts"
import { themeOf } from "../pdf/theme.ts"
import { drawHead } from "./head.ts"
import { drawParties } from "./parties.ts"
import { drawPix } from "./pix.ts"
import { drawSum } from "./sum.ts"
import { type Words, wordsOf } from "./words.ts"

/** Most characters of a name in what the file says of itself. */
const NAME = 200

/** The PDF of an invoice as it is drawn; the same invoice has the same bytes. */
export function invoicePdf(invoice: Invoice, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { agency, locale } = invoice.content
  const words = wordsOf(invoice)
  const name = clip(agency.name, NAME)
  const paper = openPaper({
    title: `${words.title} · ${name}`,
    author: name,
    locale,
    createdAt: invoice.issuedAt,
    theme: themeOf(agency.brandColour),
    footer: `${words.title} · ${name}`,
  })
  return pdfBytes(paper.doc, draw(paper, invoice, words), signal)
}

async function* draw(paper: Paper, invoice: Invoice, words: Words) {
  for (const part of [drawHead, drawSum, drawParties]) {
    part(paper, invoice, words)
    yield
  }
  drawHeading(paper, words.items, 3)
  yield* drawTable(paper, itemsOf(invoice, words))
  paper.y += 4
  drawPix(paper, invoice, words)
  yield
  drawSection(paper, words.late, [words.lateTerms(invoice.pixCode !== null), words.corrects ?? ""])
  drawSection(paper, words.notes, invoice.notes?.split(/\r?\n/) ?? [])
  paper.end()
}

/** A few lines under a heading, if there are any. */
function drawSection(paper: Paper, title: string, paragraphs: string[]) {
  const said = paragraphs.filter(Boolean)
  if (said.length === 0) return
  drawHeading(paper, title, 3, 50)
  for (const paragraph of said) drawParagraph(paper, paragraph)
}

function itemsOf({ content, totalCents }: Invoice, words: Words) {
  const money = (cents: number) => formatMoney(cents, content.locale)
  const rows = content.items.map((item) => [labelOf(item, content.locale), money(item.amountCents)])
  return {
    columns: [
      { title: words.item, weight: 4, align: "left" as const },
      { title: words.amount, weight: 1, align: "right" as const },
    ],
    rows: (async function* () {
      yield rows
    })(),
    totals: [words.sum, money(totalCents)],
  }
}
