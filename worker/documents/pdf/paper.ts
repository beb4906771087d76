import { type DocumentInfo, openPdf, PAGE, type Pdf } from "./document.ts"
import { createNumbers } from "./numbers.ts"
import { createPen, type Pen } from "./pen.ts"
import { createTags, type Tags } from "./tags.ts"
import { HAIRLINE, SOFT, type Theme } from "./theme.ts"

/** Where the content of a page is, in points from its upper left corner. */
export const AREA = {
  left: 40,
  right: PAGE.width - 40,
  top: 40,
  bottom: PAGE.height - 56,
  width: PAGE.width - 80,
}

/** Pages that are filled from above, and what writes on them. */
export interface Paper {
  doc: Pdf
  pen: Pen
  tags: Tags
  theme: Theme
  /** Where the next thing goes. */
  y: number
  /** Begin a page. */
  nextPage(): void
  /** Begin a page unless so much fits on this one. */
  makeRoom(height: number): void
  /** Nothing follows. */
  end(): void
}

interface Options extends DocumentInfo {
  theme: Theme
  /** What stands at the foot of every page, at the left. */
  footer: string
}

/** Open a document of pages with numbers. */
export function openPaper({ theme, footer, ...info }: Options): Paper {
  const doc = openPdf(info)
  const pen = createPen(doc)
  const tags = createTags(doc)
  const words = info.locale === "en" ? { page: "Page", of: "of" } : { page: "Página", of: "de" }
  const numbers = createNumbers(doc, words)
  let pages = 0

  const foot = () =>
    tags.artifact(() => {
      const y = PAGE.height - 38
      doc
        .moveTo(AREA.left, y - 6)
        .lineTo(AREA.right, y - 6)
        .lineWidth(0.5)
        .stroke(HAIRLINE)
      pen.write(footer, { x: AREA.left, y, width: AREA.width - numbers.width }, { size: 8, color: SOFT })
      numbers.draw(AREA.right, y)
    })

  const paper: Paper = {
    doc,
    pen,
    tags,
    theme,
    y: AREA.top,
    nextPage() {
      if (pages > 0) tags.endPage()
      doc.addPage()
      pages += 1
      paper.y = AREA.top
      foot()
    },
    makeRoom(height) {
      if (paper.y + height > AREA.bottom) paper.nextPage()
    },
    end() {
      numbers.end()
      tags.endPage()
      tags.end()
    },
  }
  paper.nextPage()
  return paper
}
