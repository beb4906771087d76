import type { Readable } from "node:stream"
import type postgres from "postgres"
import { stopBackend } from "./cancellable.ts"
import { copyOut } from "./copy.ts"

const LINE_END = 10

interface Options {
  /** Bytes of a block, at least; the last has fewer. */
  size: number
  /** The backend whose COPY it is: it is stopped when nobody wants the rest. */
  pid: number
  /** A connection to the same server to stop it by, where that is not the pool's. */
  side?: postgres.Sql | undefined
  /** What is given on of a row, which is a line of COPY's text form; undefined for nothing. */
  take(row: Buffer): Buffer | undefined
}

/** The rows of a COPY to stdout in blocks. While nobody asks for the next one, the server waits. */
export async function* copyBlocks(
  query: postgres.PendingQuery<postgres.Row[]>,
  { size, pid, side, take }: Options,
): AsyncGenerator<Buffer<ArrayBuffer>> {
  const stream = await copyOut(query)
  let rows: Buffer[] = []
  let length = 0
  let wake = () => {}
  const state = { over: false, failure: undefined as Error | undefined }

  const onData = (chunk: Buffer) => {
    for (const row of rowsIn(chunk)) {
      const taken = take(row)
      if (!taken) continue
      rows.push(taken)
      length += taken.length
    }
    if (length < size) return
    stream.pause()
    wake()
  }
  const end = (failure?: Error) => {
    state.failure ??= failure
    state.over = true
    wake()
  }
  stream
    .on("data", onData)
    .on("end", () => end())
    .on("error", end)
    .on("close", () => state.over || end(new Error("the connection was lost in the middle of a COPY")))

  try {
    for (;;) {
      if (length < size && !state.over) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve
        })
        stream.resume()
        await woken
      }
      if (state.failure) throw state.failure
      if (length === 0) return
      const block = Buffer.concat(rows, length)
      rows = []
      length = 0
      // What comes meanwhile is the next block, and no more than that.
      if (!state.over) stream.resume()
      yield block
    }
  } finally {
    stream.off("data", onData)
    if (!state.over)
      await drain(stream, pid, side)
      // postgres.js leaves the socket paused when the last rows and the end come together, and the next query would hang.
    ;(stream as unknown as { _read(): void })._read()
  }
}

/** A message of the server is a row; should two ever come as one, they are told apart all the same. */
function* rowsIn(chunk: Buffer) {
  let from = 0
  for (let to = chunk.indexOf(LINE_END); to !== -1; to = chunk.indexOf(LINE_END, from)) {
    yield from === 0 && to === chunk.length - 1 ? chunk : chunk.subarray(from, to + 1)
    from = to + 1
  }
  if (from < chunk.length) throw new Error("a row of a COPY has no end")
}

/** A backend that writes to somebody who does not read heeds nothing: it is stopped, and read to its end. */
async function drain(stream: Readable, pid: number, side: postgres.Sql | undefined) {
  const ended = new AbortController()
  const gone = new Promise<void>((resolve) => {
    stream
      .on("end", resolve)
      .on("error", () => resolve())
      .on("close", resolve)
  })
  const stopping = stopBackend(pid, ended.signal, side)
  stream.on("data", () => undefined).resume()
  await gone
  ended.abort()
  await stopping
}
