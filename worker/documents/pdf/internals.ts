/** Where a glyph stands, and how far the next is: thousandths of the font's size. */
interface Position {
  xAdvance: number
  xOffset: number
  yOffset: number
  /** How far the next would be without kerning. */
  advanceWidth: number
}

/** What pdfkit knows of a font in a document. */
export interface EmbeddedFont {
  id: string
  ascender: number
  descender: number
  /** Fontkit's own. */
  font: { hasGlyphForCodePoint(code: number): boolean }
  /** Every word ever laid out; it grows for as long as the document. */
  layoutCache?: Record<string, unknown>
  ref(): Reference
  /** The codes of the glyphs, in hexadecimal, and their places. */
  encode(text: string): [codes: string[], positions: Position[]]
  widthOfString(text: string, size: number): number
}

/** An object of the file, written as it ends. */
export interface Reference {
  data: Record<string, unknown>
  end(content?: string): void
}

/** What we use of pdfkit that it does not document: the version is pinned, and tests notice what changes. */
export interface Internals {
  _font: EmbeddedFont
  _fontFamilies: Record<string, EmbeddedFont>
  page: {
    dictionary: Reference
    fonts: Record<string, Reference>
    xobjects: Record<string, Reference>
    structParentTreeKey: number
  }
  addContent(operators: string): void
  ref(data: Record<string, unknown>): Reference
  getStructTreeRoot(): Reference
  getStructParentTree(): { add(key: number, value: Reference): void }
}
