import type { Invoice } from "../../../db/invoices.ts"
import { formatMoney } from "../../../lib/format.ts"
import { AREA, type Paper } from "../pdf/paper.ts"
import { drawQrCode } from "../pdf/qr.ts"
import { SOFT, STRIPE } from "../pdf/theme.ts"
import type { Words } from "./words.ts"

const PADDING = 12
const CODE = 124

/** Draw what has to be paid and until when, with the code to pay it by when there is one. */
export function drawSum(paper: Paper, { totalCents, dueDate, pixCode, content }: Invoice, words: Words) {
  const { doc, pen, tags, theme } = paper
  const isMoved = dueDate !== content.contractDueDate
  const height = pixCode ? CODE + 2 * PADDING + 12 : isMoved ? 118 : 104
  const top = paper.y
  tags.artifact(() => {
    doc.roundedRect(AREA.left, top, AREA.width, height, 5).fill(STRIPE)
    doc.rect(AREA.left, top + 10, 3, height - 20).fill(theme.accent)
  })
  pen.lift()

  const x = AREA.left + PADDING + 4
  let y = top + (pixCode ? PADDING + (isMoved ? 16 : 22) : PADDING - 2)
  const write = (text: string, size: number, color?: string, face?: "bold") => {
    pen.write(text, { x, y, width: 330 }, { size, ...(color && { color }), ...(face && { face }) })
    y += size * 1.4
  }
  tags.mark("P", () => {
    write(`${words.total} `, 9.5, SOFT)
    write(formatMoney(totalCents, content.locale), 27, theme.accent, "bold")
  })
  y += 6
  tags.mark("P", () => {
    write(`${words.until} `, 9.5, SOFT)
    write(words.due, 12.5, undefined, "bold")
  })
  if (isMoved) tags.mark("P", () => write(words.contractDue, 9, SOFT))

  if (pixCode) {
    const place = { x: AREA.right - PADDING - CODE, y: top + PADDING }
    tags.mark("Figure", () => drawQrCode(doc, pixCode, { ...place, size: CODE }), undefined, {
      Alt: new String(words.qr),
    })
    pen.lift()
    const caption = { x: place.x, y: place.y + CODE + 4, width: CODE, align: "center" } as const
    tags.mark("P", () => pen.write(words.scan, caption, { size: 9, face: "bold" }))
  }
  paper.y = top + height + 14
}
