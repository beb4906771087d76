/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 */
const BLOCK = 512

/** A file to put into an archive; `content` gives `size` bytes. */
interface Entry {
  name: string
  size: number
  modifiedAt: Date
  content: AsyncIterable<Uint8Array>
}

/** An archive that any `tar` opens. Throws when a file has another size than it was said to have. */
export async function* tarOf(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  for await (const { name, size, modifiedAt, content } of entries) {
    const seconds = Math.floor(modifiedAt.getTime() / 1_000)
    // A name of any length stands in a record of its own.
    const record = recordOf("path", name)
    yield header({ name: "pax", size: record.length, seconds, kind: "x" })
    yield* padded(record)
    yield header({ name: name.slice(-90), size, seconds, kind: "0" })
    let bytes = 0
    for await (const chunk of content) {
      bytes += chunk.length
      if (bytes <= size) yield chunk
    }
    if (bytes !== size)
      throw new Error(`the file ${name} has ${bytes} bytes, and had ${size} a moment before`)
    yield padding(size)
  }
  yield new Uint8Array(2 * BLOCK)
}

/** The files of an archive made by `tarOf`; each is to be read to its end before the next one. */
export async function* filesIn(archive: AsyncIterable<Uint8Array>) {
  const reader = createReader(archive)
  let name: string | undefined
  for (;;) {
    const head = await reader.whole(BLOCK)
    if (head.every((byte) => byte === 0)) break
    const size = Number.parseInt(text(head.subarray(124, 136)), 8)
    if (String.fromCharCode(head[156]!) === "x") {
      name = /^\d+ path=([^\n]*)\n/.exec(text(await reader.whole(size)))?.[1]
      await reader.whole(padding(size).length)
      continue
    }
    if (name === undefined) throw new Error("the archive is not one of ours")
    yield { name, size, content: reader.some(size) }
    await reader.whole(padding(size).length)
  }
  for await (const _ of reader.rest());
}

const encoder = new TextEncoder()
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replace(/\0.*$/s, "")

const padding = (size: number) => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)

function* padded(bytes: Uint8Array) {
  yield bytes
  yield padding(bytes.length)
}

/** Its own length stands before it, and counts as well. */
function recordOf(key: string, value: string) {
  const rest = encoder.encode(` ${key}=${value}\n`).length
  let length = rest + String(rest).length
  if (String(length).length > String(rest).length) length = rest + String(length).length
  return encoder.encode(`${length} ${key}=${value}\n`)
}

function header({
  name,
  size,
  seconds,
  kind,
}: {
  name: string
  size: number
  seconds: number
  kind: string
}) {
  const head = new Uint8Array(BLOCK)
  const put = (at: number, value: string) => head.set(encoder.encode(value), at)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0")
  put(0, name)
  put(100, "0000600")
  put(108, "0000000")
  put(116, "0000000")
  put(124, octal(size, 11))
  put(136, octal(seconds, 11))
  put(148, "        ")
  put(156, kind)
  put(257, "ustar\0" + "00")
  put(
    148,
    `${octal(
      head.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
  )
  return head
}

function createReader(archive: AsyncIterable<Uint8Array>) {
  const source = archive[Symbol.asyncIterator]()
  let chunk: Uint8Array = new Uint8Array()
  async function* some(size: number) {
    for (let left = size; left > 0; ) {
      if (chunk.length === 0) {
        const { done, value } = await source.next()
        if (done) throw new Error("the archive ends in the middle of a file")
        chunk = value
      }
      const part = chunk.subarray(0, left)
      chunk = chunk.subarray(part.length)
      left -= part.length
      yield part
    }
  }
  return {
    some,
    async whole(size: number) {
      const parts: Uint8Array[] = []
      for await (const part of some(size)) parts.push(part)
      return new Uint8Array(Buffer.concat(parts))
    },
    async *rest() {
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
    },
  }
}
