import { Duplex } from "node:stream"
import { createDeflateRaw, createGzip } from "node:zlib"

/** As hard as it is tried: level 6 takes three times as long for a tenth fewer bytes of a workbook. */
const LEVEL = 3

/** The library asks for gzip, and takes the checksum from its end. */
const FORMATS = { gzip: createGzip, "deflate-raw": createDeflateRaw }

/** Compresses off the main thread: a CompressionStream whose level can be chosen. */
export class Deflate {
  readable: ReadableStream
  writable: WritableStream

  constructor(format: keyof typeof FORMATS) {
    const create = FORMATS[format]
    if (!create) throw new TypeError(`No compression ${format} here`)
    const { readable, writable } = Duplex.toWeb(create({ level: LEVEL, chunkSize: 262_144 }))
    this.readable = readable as unknown as ReadableStream
    this.writable = writable as unknown as WritableStream
  }
}
