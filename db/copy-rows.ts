import type { Readable } from "node:stream"
import type postgres from "postgres"
import type { BlockPool } from "../lib/block-pool.ts"
import { stopBackend } from "./cancellable.ts"
import { copyOut } from "./copy.ts"

const LINE_END = 10

interface Options {
  /** Where blocks come from; whoever is done with one may give it back. */
  pool: BlockPool
  /** The backend whose COPY it is: it is stopped when nobody wants the rest. */
  pid: number
  /** A connection to the same server to stop it by, where that is not the pool's. */
  side?: postgres.Sql | undefined
  /** What is given on of a row, which is a line of COPY's text form; undefined for nothing. */
  take(row: Buffer): Buffer | undefined
}

/** The rows of a COPY to stdout in blocks, each of whole rows. While nobody asks for the next one, the server waits. */
export async function* copyBlocks(
  query: postgres.PendingQuery<postgres.Row[]>,
  { pool, pid, side, take }: Options,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const stream = await copyOut(query)
  const full: Uint8Array<ArrayBuffer>[] = []
  // None until there is a row: most tables are small, and many are empty.
  let block: Buffer<ArrayBuffer> = Buffer.from(new ArrayBuffer(0))
  let used = 0
  let wake = () => {}
  const state = { over: false, failure: undefined as Error | undefined }

  const finish = () => {
    if (used > 0) full.push(block.subarray(0, used))
    used = 0
  }
  const add = (row: Buffer) => {
    const taken = take(row)
    if (!taken) return
    if (used + taken.length > block.length) {
      finish()
      block = pool.take(taken.length)
    }
    block.set(taken, used)
    used += taken.length
  }
  const onData = (chunk: Buffer) => {
    eachRow(chunk, add)
    if (full.length === 0) return
    stream.pause()
    wake()
  }
  const end = (failure?: Error) => {
    state.failure ??= failure
    state.over = true
    finish()
    wake()
  }
  stream
    .on("data", onData)
    .on("end", () => end())
    .on("error", end)
    .on("close", () => state.over || end(new Error("the connection was lost in the middle of a COPY")))

  try {
    for (;;) {
      if (full.length === 0 && !state.over) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve
        })
        stream.resume()
        await woken
      }
      if (state.failure) throw state.failure
      const next = full.shift()
      if (!next) return
      // What comes meanwhile is the next block, and no more than that.
      if (!state.over && full.length === 0) stream.resume()
      yield next
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
function eachRow(chunk: Buffer, add: (row: Buffer) => void) {
  const first = chunk.indexOf(LINE_END)
  if (first === chunk.length - 1) return add(chunk)
  let from = 0
  for (let to = first; to !== -1; to = chunk.indexOf(LINE_END, from)) {
    add(chunk.subarray(from, to + 1))
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
