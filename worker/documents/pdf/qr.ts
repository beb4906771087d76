import qrcode from "qrcode"
import type { Pdf } from "./document.ts"

/** Light modules around a code, without which it is not found (ISO/IEC 18004). */
const QUIET = 4

interface Place {
  x: number
  y: number
  /** Of the whole, its light edge included. */
  size: number
}

/** Draw a text as a QR code in black on white: dark modules that touch are one shape, so that no light seams show. */
export function drawQrCode(doc: Pdf, text: string, { x, y, size }: Place) {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: "M" })
  const side = size / (modules.size + 2 * QUIET)
  doc.rect(x, y, size, size).fill("#ffffff")
  for (let row = 0; row < modules.size; row++) {
    for (let start = 0; start < modules.size; start++) {
      let end = start
      while (end < modules.size && modules.get(row, end)) end += 1
      if (end > start)
        doc.rect(x + (QUIET + start) * side, y + (QUIET + row) * side, (end - start) * side, side)
      start = end
    }
  }
  doc.fill("#000000")
}
