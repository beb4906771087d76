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
  let since = performance.now()
  for await (const _ of drawing) {
    if (performance.now() - since < SLICE) continue
    signal?.throwIfAborted()
    yield* taken(doc)
    await turn()
    since = performance.now()
  }
  doc.end()
  yield* taken(doc)
}

function* taken(doc: Pdf): Generator<Uint8Array> {
  for (let bytes = doc.read(); bytes; bytes = doc.read()) yield bytes
}
