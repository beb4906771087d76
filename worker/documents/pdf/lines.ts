import type { TextStyle } from "./line.ts"
import { AREA, type Paper } from "./paper.ts"

/** Where lines begin, how wide they are, and how many there may be. */
interface Block {
  x?: number
  y: number
  width?: number
  most?: number
}

/** Characters that are looked at for each line there may be. */
const PER_LINE = 200

const LEADING = 1.35

/** Write a text over at most so many lines, the last cut with an ellipsis; returns where the next thing goes. */
export function writeLines(
  { pen }: Paper,
  text: string,
  { x = AREA.left, y, width = AREA.width, most = 2 }: Block,
  style: TextStyle,
): number {
  const lines = pen.wrap(text.slice(0, PER_LINE * most), width, style)
  const kept = lines.slice(0, most)
  if (lines.length > most) kept[most - 1] = lines.slice(most - 1).join(" ")
  // A space ends each, so that they are read as one text; it may stand beside the width.
  for (const [index, line] of kept.entries()) {
    const place = { x, y: y + index * style.size * LEADING, width: width + style.size }
    pen.write(`${line} `, place, style)
  }
  return y + kept.length * style.size * LEADING
}
