import type { Pdf } from "./document.ts"
import { fontOf, type Line, layOut, type TextStyle } from "./line.ts"
import { asLine } from "./runs.ts"
import { INK } from "./theme.ts"

/** Where a line stands: its top, and its left edge, or that of a width it is aligned in, and cut to. */
export interface Place {
  x: number
  y: number
  width?: number
  align?: "left" | "right" | "center"
  /** Never cut: what is too wide goes beyond. */
  isWhole?: boolean
}

/** Characters of a line that are looked at: no page is wide enough for more. */
const LONGEST = 400

/**
 * Writes lines of text. pdfkit's own `text` saves and restores the state around each, which makes the page of a table
 * half as long again, and takes half as long again.
 */
export function createPen(doc: Pdf) {
  let color: string | undefined
  const lift = () => {
    color = undefined
  }
  doc.on("pageAdded", lift)

  function fit(text: string, width: number, style: TextStyle): Line {
    const characters = [...text.slice(0, LONGEST)]
    const whole = layOut(doc, characters.join(""), style)
    if (text.length <= LONGEST && whole.width <= width) return whole
    const cut = (length: number) => layOut(doc, `${characters.slice(0, length).join("").trimEnd()}…`, style)
    let [fits, tooLong] = [0, characters.length + 1]
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1
      if (cut(middle).width <= width) fits = middle
      else tooLong = middle
    }
    return cut(fits)
  }

  return {
    /** Have the next text say its colour: something else has drawn. */
    lift,
    /** The width of a line, in points. */
    width: (text: string, style: TextStyle) => layOut(doc, asLine(text), style).width,
    /** Write a line, cut with an ellipsis where it is too long for its width. */
    write(text: string, { x, y, width, align = "left", isWhole = false }: Place, style: TextStyle) {
      const plain = asLine(text)
      if (!plain) return
      const line = width === undefined || isWhole ? layOut(doc, plain, style) : fit(plain, width, style)
      const spare = width === undefined || align === "left" ? 0 : width - line.width
      const wanted = style.color ?? INK
      if (color !== wanted) doc.fillColor(wanted)
      color = wanted
      const baseline = y + (fontOf(doc, style.face ?? "regular").ascender * style.size) / 1_000
      doc.addContent(line.operators(x + (align === "center" ? spare / 2 : spare), baseline))
    },
    /** The lines of a text in a width; a word that is longer stands alone. */
    wrap(text: string, width: number, style: TextStyle): string[] {
      const lines: string[] = []
      for (const word of asLine(text).split(/ +/)) {
        const longer = lines.length ? `${lines.at(-1)} ${word}` : word
        if (lines.length && layOut(doc, longer, style).width <= width) lines[lines.length - 1] = longer
        else lines.push(word)
      }
      return lines
    },
  }
}

export type Pen = ReturnType<typeof createPen>
