import type { Readable } from "node:stream"
import type postgres from "postgres"
import { type BlockPool, createBlockPool } from "../lib/block-pool.ts"
import { stopBackend } from "./cancellable.ts"

/** Bytes of a block, about, where nobody has others. */
const BLOCK = 262_144

interface Options {
  /** The backend whose COPY it is: it is stopped when nobody wants the rest. */
  pid: number
  /** A connection to the same server to stop it by, where that is not the pool's. */
  side?: postgres.Sql | undefined
  /** Where blocks come from; whoever is done with one may give it back. */
  pool?: BlockPool
  /** What is given on of a row, as the server has written it; undefined for nothing. */
  take?(row: Buffer): Buffer | undefined
}

/**
 * What a COPY to stdout gives, in blocks of whole rows, as fast as they are taken: while nobody asks for the next one, the server
 * waits. Nothing else may be asked of its connection before the end; to stop earlier stops the statement, and with it the transaction.
 */
export async function* copyOut(
  query: postgres.PendingQuery<postgres.Row[]>,
  { pid, side, pool = createBlockPool(BLOCK), take = (row) => row }: Options,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let blocks!: Blocks
  const stream = await openCopy(query, (stream) => {
    blocks = gather(stream, pool, take)
  })
  try {
    yield* blocks
  } finally {
    if (!blocks.isOver()) await stop(blocks, pid, side)
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

type Blocks = ReturnType<typeof gather>

/** A row is a message of the server, which postgres.js pushes by itself: to have each handed on as a chunk takes longer than to get it. */
function gather(stream: Readable, pool: BlockPool, take: NonNullable<Options["take"]>) {
  const full: Uint8Array<ArrayBuffer>[] = []
  // None until there is a row: most tables are small, and many are empty.
  let block: Buffer<ArrayBuffer> = Buffer.from(new ArrayBuffer(0))
  let used = 0
  let dropping = false
  let over = false
  let failure: Error | undefined
  let wake = () => {}

  const finish = () => {
    if (used > 0) full.push(block.subarray(0, used))
    used = 0
    wake()
  }
  const add = (row: Buffer) => {
    if (used + row.length > block.length) {
      finish()
      block = pool.take(row.length)
    }
    block.set(row, used)
    used += row.length
  }
  const end = (error?: Error) => {
    failure ??= error
    over = true
    finish()
  }
  stream.push = (row: Buffer | null) => {
    if (row === null) end()
    else if (!dropping) {
      const taken = take(row)
      if (taken) add(taken)
    }
    return dropping || full.length === 0
  }
  stream.on("error", end).on("close", () => over || end(cut()))

  const more = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    resume(stream)
    await promise
  }
  return {
    isOver: () => over,
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      for (;;) {
        while (full.length === 0 && !over) await more()
        if (failure) throw failure
        const next = full.shift()
        if (!next) return
        // What comes meanwhile is the next block, and no more than that.
        if (full.length === 0 && !over) resume(stream)
        yield next
      }
    },
    /** Let what still comes go by; resolves at the end. */
    async drop() {
      dropping = true
      while (!over) await more()
    },
  }
}

/** A backend that writes to somebody who does not read heeds nothing: it is stopped, and read to its end. */
async function stop(blocks: Blocks, pid: number, side: postgres.Sql | undefined) {
  const ended = new AbortController()
  const stopping = stopBackend(pid, ended.signal, side)
  await blocks.drop()
  ended.abort()
  await stopping
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
