import { expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { join } from "node:path"
import { ERR_UNSUPPORTED_FORMAT } from "@zip.js/zip.js"
import { outputOf, readers } from "../../../sandbox/readers.ts"
import { temporaryFolder } from "../../../sandbox/testing.ts"
import { unzip } from "../../../sandbox/unzip.ts"
import { type ZipEntry, zip } from "./zip.ts"

const date = new Date("2026-02-10T14:30:00Z")
const encoder = new TextEncoder()

const bytesOf = async (entries: ZipEntry[] | AsyncIterable<ZipEntry>) =>
  Buffer.concat(await Array.fromAsync(zip(entries, { date })))

async function* chunks(count: number, size: number, onEnd = () => {}) {
  try {
    for (let n = 0; n < count; n++) yield new Uint8Array(size).fill(n)
  } finally {
    onEnd()
  }
}

test("files come out as they went in, with accents in their names, and the last can tell of those before", async () => {
  const hashes: string[] = []
  async function* entries() {
    const hash = createHash("sha256")
    yield {
      name: "dados/locação.bin",
      content: (async function* () {
        for await (const chunk of chunks(300, 65_536)) {
          hash.update(chunk)
          yield chunk
        }
      })(),
    }
    hashes.push(hash.digest("hex"))
    yield { name: "vazio.txt", content: new Uint8Array() }
    yield { name: "manifest.txt", content: encoder.encode(hashes.join()) }
  }
  const files = await unzip(await bytesOf(entries()))
  expect(Object.keys(files)).toEqual(["dados/locação.bin", "vazio.txt", "manifest.txt"])
  const expected = Buffer.concat(await Array.fromAsync(chunks(300, 65_536)))
  expect(files["dados/locação.bin"]!.equals(expected)).toBe(true)
  expect(files["manifest.txt"]!.toString()).toBe(createHash("sha256").update(expected).digest("hex"))
})

test("the same files make the same bytes in every zone, and say when they were made", async () => {
  const entries = () => [{ name: "a.txt", content: chunks(3, 10) }]
  const before = process.env.TZ
  const one = await bytesOf(entries())
  process.env.TZ = "Asia/Tokyo"
  const other = await bytesOf(entries())
  process.env.TZ = before ?? "UTC"
  expect(one.equals(other)).toBe(true)
})

test("what fails in a file fails the archive, and the files after it are not begun", async () => {
  let begun = false
  async function* entries() {
    yield {
      name: "a",
      content: (async function* () {
        yield new Uint8Array(10)
        throw new Error("the database went away")
      })(),
    }
    begun = true
  }
  expect((await bytesOf(entries()).catch((error) => error)).message).toBe("the database went away")
  expect(begun).toBe(false)
})

test("to stop reading stops the file that is being read, before the reader goes on", async () => {
  for (let stopAt = 2; stopAt < 12; stopAt++) {
    let ended = false
    const content = chunks(1_000_000, 65_536, () => {
      ended = true
    })
    let read = 0
    for await (const _ of zip([{ name: "a", content }], { date })) {
      read += 1
      if (read === stopAt) break
    }
    expect(ended).toBe(true)
  }
})

test("a file above 4 GB fails where it has to be opened by programs that know no such archive", async () => {
  const size = 2 ** 24
  const content = (async function* () {
    const chunk = new Uint8Array(size)
    for (let left = 2 ** 32 / size; left >= 0; left--) yield chunk
  })()
  let made = 0
  const making = (async () => {
    for await (const { length } of zip([{ name: "a", content }], { date, zip64: false })) made += length
  })()
  expect((await making.catch((error) => error)).message).toBe(ERR_UNSUPPORTED_FORMAT)
  expect(made).toBeGreaterThan(0)
})

test.if(readers.unzip)("unzip finds nothing wrong with it", async () => {
  const path = join(await temporaryFolder(), "a.zip")
  await Bun.write(
    path,
    await bytesOf([
      { name: "ç.bin", content: chunks(50, 65_536) },
      { name: "b", content: encoder.encode("b") },
    ]),
  )
  expect(await outputOf(["unzip", "-t", path])).toContain("No errors detected")
})
