import type { Pdf } from "./document.ts"
import type { Face } from "./fonts.ts"
import type { EmbeddedFont } from "./internals.ts"
import { runsOf } from "./runs.ts"

/** How a text looks; `size` in points. */
export interface TextStyle {
  size: number
  face?: Exclude<Face, "other">
  color?: string
}

/** A line that is laid out: its width in points, and the operators that write it at a place. */
export interface Line {
  width: number
  operators(x: number, baseline: number): string
}

/** Lay out a line of text in a document's faces. */
export function layOut(doc: Pdf, text: string, { size, face = "regular" }: TextStyle): Line {
  const hasGlyph = (code: number) => fontOf(doc, face).font.hasGlyphForCodePoint(code)
  const runs = runsOf(text, face, hasGlyph).map((run) => layOutRun(doc, run.text, run.face, size))
  if (runs.length === 1) return runs[0]!
  return {
    width: runs.reduce((sum, { width }) => sum + width, 0),
    operators(x, baseline) {
      let at = x
      return runs
        .map((run) => {
          const written = run.operators(at, baseline)
          at += run.width
          return written
        })
        .join(" ")
    },
  }
}

/** A face as this document has it embedded. */
export const fontOf = (doc: Pdf, face: Face) => {
  doc.font(face)
  return doc._font
}

function layOutRun(doc: Pdf, text: string, face: Face, size: number): Line {
  const font = fontOf(doc, face)
  const scale = size / 1_000
  const pieces: Piece[] = []
  let width = 0
  let open: Piece | undefined
  for (const { code, xAdvance, xOffset, yOffset, advanceWidth } of glyphsOf(font, text)) {
    // An accent that stands beside its place ends the piece before it.
    if (!open || xOffset || yOffset) {
      open = { x: width + xOffset * scale, y: yOffset * scale, glyphs: "" }
      pieces.push(open)
    }
    const kerning = round(advanceWidth - xAdvance)
    open.glyphs += kerning ? `${code}> ${kerning} <` : code
    if (xOffset || yOffset) open = undefined
    width += xAdvance * scale
  }
  return {
    width,
    // Upright on a page whose y grows downwards.
    operators(x, baseline) {
      doc.page.fonts[font.id] ??= font.ref()
      const shown = pieces.map(
        (piece) => `1 0 0 -1 ${round(x + piece.x)} ${round(baseline - piece.y)} Tm [<${piece.glyphs}>] TJ`,
      )
      return `BT /${font.id} ${size} Tf ${shown.join(" ")} ET`
    },
  }
}

/** What is laid out at once: the signs of numbers each by itself, since a number hardly comes twice, and its digits do. */
const PARTS = /[\d.,/%]|[^\d.,/%]+/g

function glyphsOf(font: EmbeddedFont, text: string) {
  return (text.match(PARTS) ?? []).flatMap((part) => {
    const [codes, positions] = font.encode(part)
    return codes.map((code, index) => ({ code, ...positions[index]! }))
  })
}

/** Glyphs that follow one another, from a place beside the beginning of the line. */
interface Piece {
  x: number
  y: number
  glyphs: string
}

const round = (number: number) => Math.round(number * 100) / 100
