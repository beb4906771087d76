import type { Pdf } from "./document.ts"
import type { Reference } from "./internals.ts"
import { fontOf, layOut } from "./line.ts"
import { SOFT } from "./theme.ts"

const STYLE = { size: 8, color: SOFT }

/** Points that a number may take. */
const ROOM = { width: 110, height: 12 }

/**
 * The number of each page, and of how many: where it begins follows from both, and how many there are is known last. So each is
 * a drawing of its own (a form XObject, ISO 32000-1, 8.10), which its page shows and which is written last.
 */
export function createNumbers(doc: Pdf, words: { page: string; of: string }) {
  const font = fontOf(doc, "regular")
  const drawings: Reference[] = []
  return {
    width: ROOM.width,
    /** Show the number of this page, the next one, with its end and its top there. */
    draw(right: number, y: number) {
      const drawing = doc.ref({
        Type: "XObject",
        Subtype: "Form",
        BBox: [-ROOM.width, 0, 0, ROOM.height],
        Resources: { Font: { [font.id]: font.ref() } },
      })
      drawings.push(drawing)
      doc.page.xobjects.Number = drawing
      doc.addContent(`q 1 0 0 1 ${right} ${y} cm /Number Do Q`)
    },
    /** No page follows. */
    end() {
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(SOFT.slice(at, at + 2), 16) / 255)
      const baseline = (font.ascender * STYLE.size) / 1_000
      for (const [index, drawing] of drawings.entries()) {
        const line = layOut(doc, `${words.page} ${index + 1} ${words.of} ${drawings.length}`, STYLE)
        drawing.end(`${red} ${green} ${blue} rg ${line.operators(-line.width, baseline)}`)
      }
    },
  }
}
