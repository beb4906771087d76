import type { Invoice } from "../../../db/invoices.ts"
import { drawHeading, drawParagraph } from "../pdf/blocks.ts"
import { AREA, type Paper } from "../pdf/paper.ts"
import { HAIRLINE } from "../pdf/theme.ts"
import type { Words } from "./words.ts"

const STYLE = { size: 8.5 }
const LINE = 13
const PADDING = 8

/** Draw the PIX code to be copied, or whom to ask when there is none. */
export function drawPix(paper: Paper, { pixCode, content }: Invoice, words: Words) {
  const { agency } = content
  if (!pixCode) {
    const [title, sentence] = words.noPix
    drawHeading(paper, title!, 3)
    drawParagraph(paper, [sentence, agency.phone, agency.email].filter(Boolean).join(" · "))
    return
  }
  const { doc, pen, tags } = paper
  const lines = brokenAnywhere(paper, pixCode)
  drawHeading(paper, words.copy, 3)
  drawParagraph(paper, words.how)
  const height = lines.length * LINE + 2 * PADDING - 3
  paper.makeRoom(height)
  tags.artifact(() =>
    doc.roundedRect(AREA.left, paper.y, AREA.width, height, 3).lineWidth(0.75).stroke(HAIRLINE),
  )
  const code = () => {
    for (const [index, line] of lines.entries())
      pen.write(line, { x: AREA.left + PADDING, y: paper.y + PADDING + index * LINE }, STYLE)
  }
  // Copied or read out, it has no break in it.
  tags.mark("Code", code, undefined, { ActualText: new String(pixCode) })
  paper.y += height + 6
}

/** A code has no words: its lines are as full as they can be. */
function brokenAnywhere({ pen }: Paper, code: string): string[] {
  const lines: string[] = []
  let room = 0
  for (const character of code) {
    const width = pen.width(character, STYLE)
    if (room < width) {
      lines.push("")
      room = AREA.width - 2 * PADDING
    }
    lines[lines.length - 1] += character
    room -= width
  }
  return lines
}
