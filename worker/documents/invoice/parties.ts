import type { Invoice } from "../../../db/invoices.ts"
import { formatTaxId } from "../../../lib/tax-id.ts"
import { writeLines } from "../pdf/lines.ts"
import { AREA, type Paper } from "../pdf/paper.ts"
import { SOFT } from "../pdf/theme.ts"
import type { Words } from "./words.ts"

const GAP = 24
const WIDTH = (AREA.width - GAP) / 2

/** Draw who pays and who is paid, side by side. */
export function drawParties(paper: Paper, { content }: Invoice, words: Words) {
  const { payer, agency } = content
  const document = (taxId: string | null) =>
    taxId ? `${taxId.length === 11 ? "CPF" : "CNPJ"} ${formatTaxId(taxId)}` : words.noDocument
  const top = paper.y
  const party = (x: number, [label, name, ...more]: [label: string, name: string, ...more: string[]]) => {
    let y = top
    paper.tags.mark("P", () => {
      y = writeLines(paper, label, { x, y, width: WIDTH }, { size: 8.5, color: SOFT })
      y = writeLines(paper, name, { x, y: y + 1, width: WIDTH }, { size: 10.5, face: "bold" })
      for (const line of more) y = writeLines(paper, line, { x, y: y + 1, width: WIDTH }, { size: 9 })
    })
    return y
  }
  const payee = agency.legalName ?? agency.name
  paper.y = Math.max(
    party(AREA.left, [words.payer, payer.name, document(payer.taxId)]),
    party(AREA.left + WIDTH + GAP, [words.payee, payee, document(agency.cnpj), words.onBehalf]),
  )
  paper.y += 4
}
