import type { Bytes, Content } from "./types.ts"

interface Options {
  /** Bytes of every batch but the last, which may have fewer. */
  size: number
  /** Once it is aborted the next batch throws its reason, though the source may hang. */
  signal: AbortSignal | undefined
}

/** A content in batches. They are copied, so that its source may use its memory again. */
export interface Batches extends AsyncIterable<Bytes> {
  next(): Promise<IteratorResult<Bytes, undefined>>
  /** Take back the memory of a batch: to leave it to the collector takes twice as much. */
  reuse(batch: Bytes): void
}

/** Use a content in batches. When that fails its source is ended, whether it was read or not. */
export async function inBatches<T>(
  content: Content,
  options: Options,
  use: (batches: Batches) => Promise<T>,
) {
  const source = content instanceof Uint8Array ? just(content) : content[Symbol.asyncIterator]()
  try {
    return await use(batchesOf(source, options))
  } catch (error) {
    // What there is to tell is the error, not how the source takes its end; and one that hangs would have it wait.
    const ended = Promise.try(() => source.return?.()).catch(() => {})
    if (!options.signal?.aborted) await ended
    throw error
  }
}

function batchesOf(source: AsyncIterator<Uint8Array>, { size, signal }: Options): Batches {
  const spare: Bytes[] = []
  let chunk: Uint8Array = new Uint8Array()
  const batches: Batches = {
    async next() {
      let batch = spare.pop() ?? new Uint8Array()
      let used = 0
      while (used < size) {
        if (chunk.length === 0) {
          const { done, value } = await interruptible(source, signal)
          if (done) break
          chunk = value
        }
        const part = chunk.subarray(0, size - used)
        batch = withRoom(batch, used + part.length, size)
        batch.set(part, used)
        used += part.length
        chunk = chunk.subarray(part.length)
      }
      return used > 0 ? { done: false, value: batch.subarray(0, used) } : { done: true, value: undefined }
    },
    reuse: (batch) => void spare.push(batch),
    [Symbol.asyncIterator]: () => batches,
  }
  return batches
}

async function* just(bytes: Uint8Array) {
  yield bytes
}

/** Grown in steps: most files are far smaller than a batch. */
function withRoom(batch: Bytes, wanted: number, size: number) {
  if (batch.length >= wanted) return batch
  const grown = new Uint8Array(Math.min(size, Math.max(wanted, batch.length * 4)))
  grown.set(batch)
  return grown
}

async function interruptible<T>(source: AsyncIterator<T>, signal: AbortSignal | undefined) {
  if (!signal) return await source.next()
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T>>()
  const stop = () => reject(signal.reason)
  signal.addEventListener("abort", stop)
  source.next().then(resolve, reject)
  try {
    return await promise
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
