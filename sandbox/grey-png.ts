import { inflateSync } from "node:zlib"

interface Picture {
  width: number
  height: number
  /** Row by row, 0 for black. */
  pixels: Uint8Array
}

/** The part of the pixels that are plainly of another grey: another version's smoothing is not. */
export function unlikeness(one: Uint8Array, other: Uint8Array): number {
  const [first, second] = [readGreyPng(one), readGreyPng(other)]
  if (first.width !== second.width || first.height !== second.height) return 1
  const differing = first.pixels.filter((pixel, place) => Math.abs(pixel - second.pixels[place]!) > 96)
  return differing.length / first.pixels.length
}

/** A PNG of eight bits that is grey, though it may say so in three colours; not interlaced (PNG, third edition, 9). Poppler makes such. */
function readGreyPng(png: Uint8Array): Picture {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const channels = { 2048: 1, 2050: 3 }[view.getUint16(24)]
  if (!channels) throw new TypeError("not a PNG of eight bits in grey or in colours")
  const data: Uint8Array[] = []
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === IDAT) data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)))
  }
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * channels, channels)
  return { width, height, pixels: bytes.filter((_, place) => place % channels === 0) }
}

const IDAT = 0x49444154

/** Each byte is told by how it differs from what those before it and above it let expect. */
function unfiltered(filtered: Uint8Array, row: number, step: number): Uint8Array {
  const bytes = new Uint8Array((filtered.length / (row + 1)) * row)
  for (let place = 0; place < bytes.length; place += 1) {
    const [x, y] = [place % row, Math.floor(place / row)]
    const left = x >= step ? bytes[place - step]! : 0
    const above = y ? bytes[place - row]! : 0
    const corner = x >= step && y ? bytes[place - row - step]! : 0
    const start = y * (row + 1)
    bytes[place] = filtered[start + 1 + x]! + predicted(filtered[start]!, left, above, corner)
  }
  return bytes
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter < 4) return [0, left, above, (left + above) >> 1][filter]!
  const guess = left + above - corner
  const [byLeft, byAbove, byCorner] = [left, above, corner].map((each) => Math.abs(guess - each))
  if (byLeft! <= byAbove! && byLeft! <= byCorner!) return left
  return byAbove! <= byCorner! ? above : corner
}
