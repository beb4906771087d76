import { hkdfSync, randomBytes, webcrypto } from "node:crypto"
import type { Decrypter } from "age-encryption"

// https://github.com/C2SP/C2SP/blob/main/age.md. What a file begins with, and with it the keys, is age-encryption's; the rest is
// in its form and by the cipher of the runtime, which takes a tenth of the time that one in JavaScript does, on another thread.

/** Bytes that are encrypted at a time, and those that each then has more. */
const CHUNK = 65_536
const TAG = 16

const NONCE = 16

/** Bytes before those of the content, at most: more recipients than anybody has. */
const LONGEST_HEADER = 1_048_576

type Bytes = Uint8Array<ArrayBuffer>

const { subtle } = webcrypto

/** What only these recipients open, as age has it. */
export async function* seal(content: AsyncIterable<Uint8Array>, recipients: readonly string[]) {
  const { header, fileKey } = await begin(recipients)
  const nonce = new Uint8Array(randomBytes(NONCE))
  yield header
  yield nonce
  const key = await contentKey(fileKey, nonce, "encrypt")
  let place = 0
  for await (const { chunk, isLast } of cut(content, CHUNK))
    yield new Uint8Array(await subtle.encrypt(cipher(place++, isLast), key, chunk))
}

/** What was sealed, or encrypted by any other program for age. Throws when it is not as it was encrypted, or for others. */
export async function* open(content: AsyncIterable<Uint8Array>, decrypter: Decrypter) {
  const source = content[Symbol.asyncIterator]()
  try {
    const { header, nonce, rest } = await readHead(source)
    const key = await contentKey(await decrypter.decryptHeader(header), nonce, "decrypt")
    let place = 0
    for await (const { chunk, isLast } of cut(rest, CHUNK + TAG)) {
      const opened = await subtle.decrypt(cipher(place++, isLast), key, chunk).catch(notAsEncrypted)
      // Nothing stands in a chunk of its own only where there is nothing at all.
      if (opened.byteLength === 0 && place > 1) notAsEncrypted()
      yield new Uint8Array(opened)
    }
  } finally {
    await source.return?.()
  }
}

function notAsEncrypted(): never {
  throw new Error("its bytes are not those that were encrypted")
}

/** What a file begins with, and the key it is encrypted by. */
async function begin(recipients: readonly string[]): Promise<{ header: Bytes; fileKey: Uint8Array }> {
  const { Encrypter } = await import("age-encryption")
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  let fileKey!: Uint8Array
  // One who is told the key, and leaves nothing in the file to find it by.
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = key
      return []
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array())
  return { header: new Uint8Array(empty.subarray(0, -(NONCE + TAG))), fileKey }
}

async function readHead(source: AsyncIterator<Uint8Array>) {
  let head = Buffer.alloc(0)
  let length: number | undefined
  while (length === undefined || head.length < length + NONCE) {
    const { done, value } = await source.next()
    if (done || head.length > LONGEST_HEADER) throw new Error("it does not begin as what age has encrypted")
    head = Buffer.concat([head, value])
    length ??= headerLength(head)
  }
  const after = head.subarray(length + NONCE)
  async function* rest() {
    yield after
    yield* { [Symbol.asyncIterator]: () => source }
  }
  return { header: head.subarray(0, length), nonce: head.subarray(length, length + NONCE), rest: rest() }
}

/** Its last line begins with three dashes. */
function headerLength(head: Buffer): number | undefined {
  const last = head.indexOf("\n---")
  const end = last === -1 ? -1 : head.indexOf("\n", last + 1)
  return end === -1 ? undefined : end + 1
}

const contentKey = (fileKey: Uint8Array, nonce: Uint8Array, use: "encrypt" | "decrypt") =>
  subtle.importKey(
    "raw-secret",
    hkdfSync("sha256", fileKey, nonce, "payload", 32),
    "ChaCha20-Poly1305",
    false,
    [use],
  )

function cipher(place: number, isLast: boolean) {
  const iv = new DataView(new ArrayBuffer(12))
  iv.setBigUint64(3, BigInt(place))
  iv.setUint8(11, isLast ? 1 : 0)
  return { name: "ChaCha20-Poly1305", iv }
}

/** In chunks of one size, but for the last; each is to be used before the next is asked for. */
async function* cut(content: AsyncIterable<Uint8Array>, size: number) {
  const chunk: Bytes = new Uint8Array(size)
  let used = 0
  for await (let bytes of content)
    while (bytes.length > 0) {
      if (used === size) {
        yield { chunk, isLast: false }
        used = 0
      }
      const part = bytes.subarray(0, size - used)
      chunk.set(part, used)
      used += part.length
      bytes = bytes.subarray(part.length)
    }
  yield { chunk: chunk.subarray(0, used), isLast: true }
}
