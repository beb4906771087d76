import type { Readable } from "node:stream"
import { setTimeout as wait } from "node:timers/promises"
import type postgres from "postgres"
import type { Bytes } from "../lib/storage/types.ts"
import { type Db, sidePool } from "./pool.ts"

/** Bytes of a piece, but for the last. */
const PIECE = 262_144

/** Milliseconds between two tries to stop a COPY that nobody reads any more. */
const INSIST = 250

/** The stream of a COPY to stdout. */
export const copyOut = (query: postgres.PendingQuery<postgres.Row[]>): Promise<Readable> =>
  // Whoever reads gets an error all the same.
  openCopy(query, (stream) => void stream.on("error", () => undefined))

/**
 * What a COPY to stdout gives, in large pieces, as fast as they are taken, on a connection of its own: a transaction's, mostly.
 * Nothing else may be asked of it before the end; to stop earlier stops the statement, and with it the transaction. `onRows`
 * hears how many rows more have come; the line with the names of the columns is one.
 */
export async function* copyPieces(
  query: postgres.PendingQuery<postgres.Row[]>,
  tx: Db,
  onRows: (count: number) => void = () => {},
): AsyncGenerator<Bytes> {
  const [{ pid }] = await tx<[{ pid: number }]>`select pg_backend_pid() as pid`
  let pieces!: Pieces
  const stream = await openCopy(query, (stream) => {
    pieces = gather(stream)
  })
  try {
    for await (const piece of pieces) {
      onRows(pieces.rows())
      yield piece
    }
    onRows(pieces.rows())
  } finally {
    if (!pieces.ended()) await stopCopy(pid, pieces)
    resume(stream)
  }
}

/**
 * postgres.js hands the stream over too late for anybody to get what comes with the first bytes: an error that nobody hears,
 * such as that of a run cancelled at this moment, ends the process.
 */
function openCopy(query: postgres.PendingQuery<postgres.Row[]>, prepare: (stream: Readable) => void) {
  const inner = query as unknown as { resolve(stream: Readable): void }
  const { resolve } = inner
  inner.resolve = (stream) => {
    // It is called once more, with what the statement came to.
    inner.resolve = resolve
    prepare(stream)
    resolve(stream)
  }
  return query.readable()
}

type Pieces = ReturnType<typeof gather>

/** postgres.js pushes every row by itself, and to have each handed on as a chunk takes longer than to get it. */
function gather(stream: Readable) {
  const full: Bytes[] = []
  let piece: Bytes = new Uint8Array(PIECE)
  let used = 0
  let rows = 0
  let dropping = false
  let ended = false
  let failure: Error | undefined
  let wake = () => {}

  const end = (error?: Error) => {
    ended = true
    failure ??= error
    wake()
  }
  const add = (row: Uint8Array) => {
    for (let from = 0; from < row.length; ) {
      const part = row.subarray(from, from + PIECE - used)
      piece.set(part, used)
      used += part.length
      from += part.length
      if (used === PIECE) {
        full.push(piece)
        piece = new Uint8Array(PIECE)
        used = 0
        wake()
      }
    }
  }
  stream.push = (row: Uint8Array | null) => {
    if (row === null) end()
    else if (!dropping) {
      rows++
      add(row)
    }
    return dropping || full.length === 0
  }
  stream.on("error", end)
  stream.on("close", () => ended || end(cut()))

  return {
    ended: () => ended,
    /** Rows since it was asked last. */
    rows() {
      const came = rows
      rows = 0
      return came
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Bytes> {
      for (;;) {
        const next = full.shift()
        if (next) yield next
        else if (ended) break
        else {
          const { promise, resolve } = Promise.withResolvers<void>()
          wake = resolve
          stream._read(0)
          await promise
        }
      }
      if (failure) throw failure
      if (used > 0) yield piece.subarray(0, used)
    },
    /** Let what still comes go by; resolves at the end. */
    async drop() {
      dropping = true
      while (!ended) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        stream._read(0)
        await promise
      }
    },
  }
}

async function stopCopy(pid: number, pieces: Pieces) {
  const dropped = pieces.drop()
  while (!pieces.ended()) {
    await sidePool()`select pg_cancel_backend(${pid})`.catch(() => undefined)
    await Promise.race([dropped, wait(INSIST)])
  }
}

/** postgres.js leaves the socket paused when the end came with the last bytes: no later answer would be read. */
function resume(stream: Readable) {
  try {
    stream._read(0)
  } catch (error) {
    // The connection is gone, and the socket with it: whoever reads has been told.
    if (!(error instanceof TypeError)) throw error
  }
}

/** With postgres.js' own code of it. */
const cut = () =>
  Object.assign(new Error("The connection was closed in the middle of a COPY"), { code: "CONNECTION_CLOSED" })
