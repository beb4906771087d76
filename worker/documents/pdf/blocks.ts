import { AREA, type Paper } from "./paper.ts"
import { HAIRLINE, INK, SOFT } from "./theme.ts"

/** A figure to see at a glance. */
export interface Figure {
  label: string
  value: string
}

const PER_ROW = 4

/** One more is put beside them, rather than alone in a row. */
const MOST_PER_ROW = 5
const CARD = { height: 46, gap: 10, padding: 9 }

/** Draw a heading; `level` 2 is a section's. What it is the heading of begins on the same page, of whose height `room` is kept for both. */
export function drawHeading(paper: Paper, text: string, level: 2 | 3 = 2, room = 110) {
  const { pen, tags, theme } = paper
  const style =
    level === 2
      ? ({ size: 14, face: "bold", color: theme.accent } as const)
      : ({ size: 10.5, face: "bold", color: INK } as const)
  paper.makeRoom(room)
  paper.y += level === 2 ? 16 : 8
  tags.mark(`H${level}`, () => pen.write(text, { x: AREA.left, y: paper.y, width: AREA.width }, style))
  paper.y += style.size * 1.55
}

/** Draw a text over as many lines as it takes. */
export function drawParagraph(paper: Paper, text: string, { size = 9, color = SOFT } = {}) {
  const { pen, tags } = paper
  const lines = pen.wrap(text, AREA.width, { size })
  paper.makeRoom(lines.length * size * 1.4)
  tags.mark("P", () => {
    for (const line of lines) {
      // The space at its end may stand beside the width.
      pen.write(`${line} `, { x: AREA.left, y: paper.y, width: AREA.width + size }, { size, color })
      paper.y += size * 1.4
    }
  })
  paper.y += 4
}

/** Draw figures side by side, four or five in a row. */
export function drawFigures(paper: Paper, figures: Figure[]) {
  const { doc, pen, tags, theme } = paper
  const perRow = figures.length === MOST_PER_ROW ? MOST_PER_ROW : PER_ROW
  const width = (AREA.width - CARD.gap * (perRow - 1)) / perRow
  // A figure is never cut: a long one is smaller.
  const fitting = (value: string) => {
    const wide = pen.width(value, { size: 14, face: "bold" })
    const size = Math.min(14, Math.floor((140 * (width - CARD.padding * 1.5)) / wide) / 10)
    return { size, face: "bold" } as const
  }
  for (let first = 0; first < figures.length; first += perRow) {
    paper.makeRoom(CARD.height + 8)
    for (const [index, { label, value }] of figures.slice(first, first + perRow).entries()) {
      const x = AREA.left + index * (width + CARD.gap)
      tags.artifact(() => {
        doc.roundedRect(x, paper.y, width, CARD.height, 3).lineWidth(0.75).stroke(HAIRLINE)
        doc.rect(x, paper.y + 6, 2.5, CARD.height - 12).fill(theme.accent)
      })
      pen.lift()
      const inside = { x: x + CARD.padding, width: width - CARD.padding * 1.5 }
      tags.mark("P", () => {
        pen.write(`${label} `, { ...inside, y: paper.y + 6 }, { size: 8, color: SOFT })
        pen.write(value, { ...inside, y: paper.y + 19, isWhole: true }, fitting(value))
      })
    }
    paper.y += CARD.height + 8
  }
}
