import SVGtoPDF from "svg-to-pdfkit"
import { AREA, type Paper } from "./paper.ts"

/** A drawing as SVG. */
export interface Drawing {
  svg: string
  /** Of the drawing itself, in whatever unit: on paper it is as wide as the page. */
  width: number
  height: number
  /** What it shows, in words. */
  alternative: string
}

/** Draw a chart across the page, as lines and letters: it is sharp at any size, and its text can be found. */
export function drawChart(paper: Paper, { svg, width, height, alternative }: Drawing) {
  const { doc, pen, tags } = paper
  const tall = (AREA.width * height) / width
  paper.makeRoom(tall)
  tags.mark(
    "Figure",
    () =>
      SVGtoPDF(doc, fit(svg), AREA.left, paper.y, {
        width: AREA.width,
        height: tall,
        assumePt: true,
        fontCallback: (_family, bold) => (bold ? "bold" : "regular"),
      }),
    undefined,
    { Alt: new String(alternative) },
  )
  pen.lift()
  paper.y += tall + 6
}

/** Its own size gives way to the page's, and the halo around letters, which would be drawn over them, goes. */
const fit = (svg: string) =>
  svg
    .replace(/<svg width="\d+" height="\d+"/, "<svg")
    .replace(/ stroke="[^"]*" stroke-width="[^"]*" paint-order="stroke"/g, "")
