import { expect, test } from "bun:test"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from "age-encryption"
import fc from "fast-check"
import { required } from "../../sandbox/required.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { open, seal } from "./age.ts"

const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)
const decrypter = new Decrypter()
decrypter.addIdentity(identity)
const age = Bun.which("age")

const CHUNK = 65_536

/** Lengths about the ends of chunks, and any others. */
const content = fc
  .oneof(fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK), fc.nat({ max: 3 * CHUNK }))
  .map((length) => Uint8Array.from({ length }, (_, place) => (place * 31 + length) % 251))
const widths = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 })

async function* pieces(bytes: Uint8Array, widths: readonly number[] = [50_000]) {
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const to = from + widths[turn % widths.length]!
    yield bytes.subarray(from, to)
    from = to
  }
}

const whole = async (content: AsyncIterable<Uint8Array>) =>
  new Uint8Array(Buffer.concat(await Array.fromAsync(content)))
const sealed = (bytes: Uint8Array, recipients = [recipient]) => whole(seal(pieces(bytes), recipients))
const opened = (bytes: Uint8Array, widths?: number[]) => whole(open(pieces(bytes, widths), decrypter))

test("what is sealed is opened by age's own library, and what that has encrypted is opened, in whatever pieces it comes", async () => {
  const property = fc.asyncProperty(content, widths, async (bytes, widths) => {
    const ours = await whole(seal(pieces(bytes, widths), [recipient]))
    expect(await decrypter.decrypt(ours)).toEqual(bytes)
    expect(await opened(ours, widths)).toEqual(bytes)
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    expect(await opened(await encrypter.encrypt(bytes), widths)).toEqual(bytes)
  })
  await fc.assert(property, { numRuns: 40 })
})

test.skipIf(!required("The age command", age))("what is sealed is opened by age itself", async () => {
  const key = join(await temporaryFolder(), "key.txt")
  await writeFile(key, identity, { mode: 0o600 })
  for (const length of [0, 10, CHUNK, 200_000]) {
    const bytes = new Uint8Array(length).fill(7)
    const decrypting = Bun.spawn([age!, "-d", "-i", key], { stdin: new Blob([await sealed(bytes)]) })
    expect(new Uint8Array(await new Response(decrypting.stdout).arrayBuffer())).toEqual(bytes)
  }
})

test("each of several recipients opens it, and nobody else", async () => {
  const bytes = new Uint8Array(100).fill(1)
  const other = await generateIdentity()
  const both = await sealed(bytes, [await identityToRecipient(other), recipient])
  expect(await opened(both)).toEqual(bytes)
  await expect(opened(await sealed(bytes, [await identityToRecipient(other)]))).rejects.toThrow(
    "no identity matched",
  )
})

test("no two files are alike, though what is in them is", async () => {
  const bytes = new Uint8Array(10)
  expect(await sealed(bytes)).not.toEqual(await sealed(bytes))
})

test("what is cut off, has more at its end, or any bit of it flipped is not opened", async () => {
  const ours = await sealed(new Uint8Array(2 * CHUNK + 10).fill(3))
  const header = ours.length - (2 * CHUNK + 10 + 3 * 16)
  for (const length of [
    10,
    header - 20,
    header,
    header + CHUNK + 16,
    header + 2 * (CHUNK + 16),
    ours.length - 1,
  ])
    await expect(opened(ours.subarray(0, length))).rejects.toThrow(
      /as what age has encrypted|those that were/,
    )
  await expect(opened(new Uint8Array([...ours, 0]))).rejects.toThrow("not those that were encrypted")
  for (const place of [0, 40, header - 30, header - 10, header, header + CHUNK, ours.length - 1]) {
    const flipped = ours.slice()
    flipped[place]! ^= 1
    await expect(opened(flipped)).rejects.toThrow()
  }
})

test("a file that never comes to the end of its header is given up", async () => {
  async function* endless() {
    for (;;) yield new Uint8Array(100_000)
  }
  await expect(whole(open(endless(), decrypter))).rejects.toThrow("does not begin as what age has encrypted")
})

test("who stops reading, or has another's key, stops what is read from", async () => {
  let stopped = 0
  async function* watched(content: AsyncIterable<Uint8Array>) {
    try {
      yield* content
    } finally {
      stopped += 1
    }
  }
  async function* endless() {
    for (;;) yield new Uint8Array(CHUNK)
  }
  for await (const _ of open(watched(seal(watched(endless()), [recipient])), decrypter)) break
  expect(stopped).toBe(2)
  const others = new Decrypter()
  others.addIdentity(await generateIdentity())
  await expect(whole(open(watched(seal(endless(), [recipient])), others))).rejects.toThrow(
    "no identity matched",
  )
  await expect(whole(open(watched(endless()), decrypter))).rejects.toThrow("does not begin")
  expect(stopped).toBe(4)
})
