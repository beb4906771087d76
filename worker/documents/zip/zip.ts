import { configure, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js"
import type { Bytes, Content } from "../../../lib/storage/types.ts"
import { Deflate } from "./deflate.ts"

/** A file of an archive, with its path there. */
export interface ZipEntry {
  name: string
  content: Content
}

interface ZipOptions {
  /** When its files say that they were changed; a clock's minute and second would make two archives of the same differ. */
  date: Date
  /** False for what has to be opened by programs that know no archives above 4 GB: such an archive then fails. */
  zip64?: boolean
}

/**
 * An archive as it is made, in little memory: each file is read to its end before the next is asked for, so that the last can
 * tell of those before it. What fails in a file fails the archive; to stop reading it stops the file that is being read.
 */
export async function* zip(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  { date, zip64 }: ZipOptions,
): AsyncGenerator<Bytes> {
  // The library asks for its streams by what is configured, and nobody else here uses it.
  configure({ CompressionStream: Deflate as never })
  const stopped = new AbortController()
  const { readable, writable } = new TransformStream<Bytes, Bytes>()
  const writer = new ZipWriter(writable, {
    useWebWorkers: false,
    keepOrder: true,
    extendedTimestamp: false,
    lastModDate: inEveryZone(date),
    signal: stopped.signal,
    ...(zip64 === undefined ? {} : { zip64 }),
  })
  const written = addAll(writer, entries).catch(async (error) => {
    await writable.abort(error).catch(() => undefined)
    throw error
  })
  written.catch(() => undefined)
  let whole = false
  try {
    yield* readable
    whole = true
    await written
  } finally {
    if (!whole) stopped.abort()
    // Not before the file that was being read has ended: it may hold a connection.
    await written.catch(() => undefined)
  }
}

async function addAll(writer: ZipWriter<unknown>, entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>) {
  for await (const { name, content } of entries) {
    if (content instanceof Uint8Array) await writer.add(name, new Uint8ArrayReader(content))
    else await addStream(writer, name, content[Symbol.asyncIterator]())
  }
  await writer.close()
}

async function addStream(writer: ZipWriter<unknown>, name: string, source: AsyncIterator<Uint8Array>) {
  try {
    await writer.add(name, streamOf(source))
  } finally {
    // The library lets go of what it was reading without waiting for its end.
    await source.return?.()
  }
}

function streamOf(source: AsyncIterator<Uint8Array>) {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

/** The format keeps what a clock on the wall shows, and the library asks that of this machine: UTC shown by it. */
const inEveryZone = (date: Date) =>
  new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  )
