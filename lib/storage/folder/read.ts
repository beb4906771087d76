import { open } from "node:fs/promises"
import type { ByteRange } from "../types.ts"

/** Bytes of a chunk. */
const CHUNK = 262_144

/** The bytes of a file, or of a range that begins in it; read as they are asked for. */
export async function readFile(path: string, range: ByteRange | undefined, signal: AbortSignal | undefined) {
  const handle = await open(path)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= handle.close()
    return closing
  }
  const { size } = await handle.stat()
  const { start: from, end } = range ?? { start: 0, end: size - 1 }
  const until = Math.min(end + 1, size)
  let at = from

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          signal?.throwIfAborted()
          if (at < until) {
            const chunk = new Uint8Array(Math.min(CHUNK, until - at))
            const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
            if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`)
            at += bytesRead
            controller.enqueue(chunk.subarray(0, bytesRead))
          }
          if (at < until) return
          await close()
          controller.close()
        } catch (error) {
          await close()
          throw error
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
}
