import { type FileHandle, open } from "node:fs/promises"
import type { ByteRange, Bytes } from "../types.ts"

/** Bytes of a chunk. */
const CHUNK = 262_144

/** A part of a file, read as it is asked for. The file is opened at the first read, so that a stream left unread holds nothing. */
export function readFile(path: string, { start, end }: ByteRange, signal: AbortSignal | undefined) {
  let opening: Promise<FileHandle> | undefined
  let at = start

  async function close() {
    const opened = opening
    opening = undefined
    await (await opened)?.close()
  }

  async function next() {
    signal?.throwIfAborted()
    opening ??= open(path)
    const handle = await opening
    const chunk: Bytes = new Uint8Array(Math.min(CHUNK, end + 1 - at))
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`)
    at += bytesRead
    return chunk.subarray(0, bytesRead)
  }

  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        try {
          if (at <= end) controller.enqueue(await next())
        } catch (error) {
          await close()
          throw error
        }
        if (at <= end) return
        await close()
        controller.close()
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )
}
