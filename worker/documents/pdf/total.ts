import type { Pdf } from "./document.ts"
import { fontOf, layOut } from "./line.ts"
import { SOFT } from "./theme.ts"

const STYLE = { size: 8, color: SOFT }
const HEIGHT = 12

/**
 * How many pages there are, shown on each of them before it is known: a drawing that all pages share (a form XObject,
 * ISO 32000-1, 8.10) is written last.
 */
export function createTotal(doc: Pdf) {
  const width = 16
  const font = fontOf(doc, "regular")
  const form = doc.ref({
    Type: "XObject",
    Subtype: "Form",
    BBox: [0, 0, width, HEIGHT],
    Resources: { Font: { [font.id]: font.ref() } },
  })
  return {
    /** Points that the number may take. */
    width,
    draw(x: number, y: number) {
      doc.page.xobjects.Total = form
      doc.addContent(`q 1 0 0 1 ${x} ${y} cm /Total Do Q`)
    },
    /** Say the number. */
    end(pages: number) {
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(SOFT.slice(at, at + 2), 16) / 255)
      const line = layOut(doc, String(pages), STYLE)
      form.end(`${red} ${green} ${blue} rg ${line.operators(0, (font.ascender * STYLE.size) / 1_000)}`)
    },
  }
}
