import { expect, test } from "bun:test"
import { join } from "node:path"
import fc from "fast-check"
import type { Bytes } from "../../lib/storage/types.ts"
import { inPieces, randomBytes } from "../../sandbox/content.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { filesIn, tarOf } from "./tar.ts"

const AT = new Date("2026-11-20T12:00:00Z")

async function* entries(files: [string, Bytes][]) {
  for (const [name, bytes] of files)
    yield { name, size: bytes.length, modifiedAt: AT, content: inPieces(bytes, 1_000) }
}

const bytesOf = async (content: AsyncIterable<Uint8Array>) =>
  new Uint8Array(Buffer.concat(await Array.fromAsync(content)))

test("gives back every file that was put in, whatever the pieces it comes in", async () => {
  const name = fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.stringMatching(/^[a-z0-9_-]{1,20}$/))
    .map(([depth, name]) => `${"d/".repeat(depth)}${name}.pdf`)
  const size = fc.oneof(fc.constantFrom(0, 1, 511, 512, 513, 1_024), fc.integer({ min: 0, max: 5_000 }))
  const files = fc.array(fc.tuple(name, size), { maxLength: 6 })
  const property = fc.asyncProperty(files, fc.integer({ min: 1, max: 3_000 }), async (drawn, piece) => {
    const files = drawn.map(([name, size]): [string, Bytes] => [name, randomBytes(size)])
    const archive = await bytesOf(tarOf(entries(files)))
    const read: [string, Uint8Array][] = []
    for await (const { name, content } of filesIn(inPieces(archive, piece)))
      read.push([name, await bytesOf(content)])
    expect(read).toEqual(files)
  })
  await fc.assert(property, { numRuns: 60 })
})

test("makes archives that tar opens", async () => {
  const folder = await temporaryFolder()
  const long = `reports/${"0123456789/".repeat(20)}a.pdf`
  const files: [string, Bytes][] = [
    ["a.txt", new TextEncoder().encode("Olá")],
    [long, randomBytes(70_000)],
  ]
  await Bun.write(join(folder, "all.tar"), await bytesOf(tarOf(entries(files))))
  const tar = Bun.spawn(["tar", "-xf", "all.tar"], { cwd: folder, stderr: "pipe" })
  expect([await tar.exited, await new Response(tar.stderr).text()]).toEqual([0, ""])
  for (const [name, bytes] of files) expect(await Bun.file(join(folder, name)).bytes()).toEqual(bytes)
})

test("fails for a file that is not as long as it was said to be", async () => {
  const wrong = async function* () {
    yield { name: "a.txt", size: 5, modifiedAt: AT, content: inPieces(new Uint8Array(4)) }
  }
  await expect(bytesOf(tarOf(wrong()))).rejects.toThrow("the file a.txt has 4 bytes, and had 5")
})
