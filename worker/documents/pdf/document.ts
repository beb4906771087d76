import PDFDocument from "pdfkit"
import type { Locale } from "../../../lib/locale.ts"
import { faces, fontFile } from "./fonts.ts"
import type { Internals } from "./internals.ts"

export type Pdf = PDFKit.PDFDocument & Internals

/** A4, in points. */
export const PAGE = { width: 595.28, height: 841.89 }

/** What a document says of itself. The same content made at the same moment has the same bytes. */
export interface DocumentInfo {
  title: string
  author: string
  locale: Locale
  createdAt: Date
}

/** Open a document of A4 pages, tagged, without a page yet. */
export function openPdf({ title, author, locale, createdAt }: DocumentInfo): Pdf {
  const doc = new PDFDocument({
    size: "A4",
    margin: 0,
    autoFirstPage: false,
    pdfVersion: "1.7",
    tagged: true,
    lang: locale,
    displayTitle: true,
    // With one of its own it opens ours anew each time it is asked for, having found them equal.
    font: null as never,
    info: { Title: title, Author: author, Creator: "Esteira", CreationDate: createdAt, ModDate: createdAt },
  }) as Pdf
  for (const face of faces) doc.registerFont(face, fontFile(face))
  doc.on("pageAdded", forgetWords(doc))
  return doc
}

/** Pages after which the words of those before come again too seldom for their layout to be kept. */
const REMEMBERED = 20

function forgetWords(doc: Pdf) {
  let pages = 0
  return () => {
    pages += 1
    if (pages % REMEMBERED > 0) return
    for (const font of Object.values(doc._fontFamilies)) font.layoutCache = Object.create(null)
  }
}
