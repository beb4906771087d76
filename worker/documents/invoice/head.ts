import type { Invoice } from "../../../db/invoices.ts"
import { formatAddress } from "../../../lib/address.ts"
import { formatTaxId } from "../../../lib/tax-id.ts"
import type { TextStyle } from "../pdf/line.ts"
import { writeLines } from "../pdf/lines.ts"
import { AREA, type Paper } from "../pdf/paper.ts"
import { SOFT } from "../pdf/theme.ts"
import type { Words } from "./words.ts"

const RIGHT = 130
const LEFT = AREA.width - RIGHT - 20

/** Draw who issues the invoice, its number, and what it is for. */
export function drawHead(paper: Paper, { number, issuedOn, content }: Invoice, words: Words) {
  const { doc, pen, tags, theme } = paper
  const { agency, property } = content
  const top = paper.y
  const right = { x: AREA.right - RIGHT, width: RIGHT, align: "right" } as const
  const aside = (text: string, y: number, style: TextStyle) =>
    tags.mark("P", () => pen.write(text, { ...right, y: top + y }, style))
  aside(words.invoice, 2, { size: 8.5, color: SOFT })
  aside(number, 13, { size: 15, face: "bold" })
  aside(words.issued(issuedOn), 35, { size: 8.5, color: SOFT })
  tags.mark("P", () => {
    paper.y = writeLines(
      paper,
      agency.name,
      { y: top, width: LEFT },
      { size: 17, face: "bold", color: theme.accent },
    )
  })
  for (const line of agencyLines(agency)) {
    tags.mark("P", () => {
      paper.y = writeLines(paper, line, { y: paper.y + 1, width: LEFT }, { size: 8.5, color: SOFT })
    })
  }
  paper.y = Math.max(paper.y, top + 52) + 8
  tags.artifact(() => doc.rect(AREA.left, paper.y, AREA.width, 2).fill(agency.accentColour))
  pen.lift()
  paper.y += 14

  tags.mark("H1", () => pen.write(words.subject, { x: AREA.left, y: paper.y }, { size: 15, face: "bold" }))
  paper.y += 21
  const where = [formatAddress(property), words.property, words.contract].filter(Boolean).join(" · ")
  tags.mark("P", () => {
    paper.y = writeLines(paper, where, { y: paper.y }, { size: 9, color: SOFT })
  })
  paper.y += 8
}

function agencyLines({
  legalName,
  cnpj,
  creci,
  phone,
  email,
  ...address
}: Invoice["content"]["agency"]): string[] {
  const ids = [legalName, cnpj && `CNPJ ${formatTaxId(cnpj)}`, creci && `CRECI ${creci}`]
  return [ids, [formatAddress(address)], [phone, email]]
    .map((parts) => parts.filter(Boolean).join(" · "))
    .filter(Boolean)
}
