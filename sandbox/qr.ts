import jsQR from "jsqr"
import { pixelsOf } from "./poppler.ts"

/** What the QR code on a page of a PDF says, as a camera would read it; undefined when there is none. */
export async function qrCodeOn(pdf: Uint8Array, page: number): Promise<string | undefined> {
  const { data, width, height } = await pixelsOf(pdf, page, { resolution: 150 })
  return jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data
}
