import { setImmediate as turn } from "node:timers/promises"
import type { Pdf } from "./document.ts"

/** Milliseconds of drawing in a row: what else the process serves waits no longer. */
const SLICE = 5

/**
 * The bytes of a document while it is drawn. Drawing yields wherever it may be interrupted, as often as it likes, and goes
 * on when the bytes so far are taken and everything else has had its turn; so neither the file nor its pages pile up.
 */
export async function* pdfBytes(
  doc: Pdf,
  drawing: AsyncIterable<void>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const output = collect(doc)
  let since = performance.now()
  for await (const _ of drawing) {
    if (performance.now() - since < SLICE) continue
    signal?.throwIfAborted()
    yield* output.take()
    await turn()
    since = performance.now()
  }
  doc.end()
  yield* output.take()
}

/** Bytes that are handed on together. */
const PIECE = 65_536

/** pdfkit pushes every line of its file by itself, some hundred thousand at the end of a long one: here they are put together. */
function collect(doc: Pdf) {
  const pieces: Uint8Array[] = []
  let piece = new Uint8Array(PIECE)
  let used = 0
  const close = () => {
    if (used === 0) return
    pieces.push(piece.subarray(0, used))
    piece = new Uint8Array(PIECE)
    used = 0
  }
  const add = (bytes: Uint8Array) => {
    if (used + bytes.length > PIECE) close()
    if (bytes.length > PIECE) pieces.push(bytes)
    else {
      piece.set(bytes, used)
      used += bytes.length
    }
  }
  const before: Uint8Array | null = doc.read()
  if (before) add(before)
  doc.push = (bytes: Uint8Array | null) => {
    if (bytes) add(bytes)
    return true
  }
  return {
    /** What there is so far. */
    take() {
      close()
      return pieces.splice(0)
    },
  }
}
