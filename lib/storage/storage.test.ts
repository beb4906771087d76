import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import fc from "fast-check"
import { failingAfter, hangingAfter, inPieces, randomBytes } from "../../sandbox/content.ts"
import { createBucket, uploadsIn } from "../../sandbox/s3/buckets.ts"
import { hasS3, startS3 } from "../../sandbox/s3/server.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { openFolder } from "./folder/storage.ts"
import { openBucket } from "./s3/storage.ts"
import type { Storage } from "./types.ts"

interface World {
  storage: Storage
  /** What is left, beside the files, of what was begun and not ended. */
  remains(): Promise<string[]>
  stop(): Promise<unknown>
}

async function folder(): Promise<World> {
  const root = await temporaryFolder()
  const remains = () => readdir(join(root, ".partial"))
  return { storage: openFolder(root), remains, stop: async () => {} }
}

async function bucket(): Promise<World> {
  const server = await startS3(await temporaryFolder())
  const target = await createBucket(server, "files")
  return { storage: openBucket(target), remains: () => uploadsIn(target), stop: server.stop }
}

const worlds = { folder, bucket }

const bytes = (text: string) => new TextEncoder().encode(text)
const fresh = (kind = "txt") => `tests/${crypto.randomUUID()}.${kind}`
const MiB = 1_048_576

describe.each(Object.keys(worlds) as (keyof typeof worlds)[])("a %s", (kind) => {
  if (kind === "bucket" && !hasS3) return test.skip("stores files", () => {})
  let world: World
  let storage: Storage
  beforeAll(async () => {
    world = await worlds[kind]()
    storage = world.storage
  })
  afterAll(() => world.stop())

  const read = async (key: string, range?: { start: number; end: number }) =>
    new Uint8Array(await new Response(await storage.get(key, { range })).arrayBuffer())
  const textOf = async (key: string) => new TextDecoder().decode(await read(key))
  const keysIn = async (folder: string) => (await Array.fromAsync(storage.list(folder))).map(({ key }) => key)

  test("keeps a file as it is, and says how large it is and since when", async () => {
    const key = fresh()
    const before = Date.now()
    expect(await storage.put(key, bytes("Olá!"))).toBe(5)
    expect(await textOf(key)).toBe("Olá!")
    const { modifiedAt, ...file } = (await storage.head(key))!
    expect(file).toEqual({ key, size: 5 })
    // To the second, and by the clock of the store.
    expect(Math.abs(modifiedAt.getTime() - before)).toBeLessThan(60_000)
  })

  test("keeps what comes in any pieces, also where they are of memory that is used again", async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 })
    const property = fc.asyncProperty(pieces, fc.boolean(), async (pieces, asStream) => {
      const key = fresh()
      const whole = Buffer.concat(pieces)
      const content = asStream ? new Blob(pieces as never[]).stream() : inOneBuffer(pieces)
      expect(await storage.put(key, content)).toBe(whole.length)
      expect(Buffer.from(await read(key)).equals(whole)).toBe(true)
    })
    await fc.assert(property, { numRuns: 15 })
  })

  test("keeps a file of many parts, and gives any part of it", async () => {
    const key = fresh("zip")
    const whole = randomBytes(20 * MiB + 12_345)
    expect(await storage.put(key, inPieces(whole, 300_007))).toBe(whole.length)
    expect(digest(await read(key))).toBe(digest(whole))
    for (const [start, end] of [
      [0, 0],
      [8 * MiB - 3, 8 * MiB + 3],
      [20 * MiB, whole.length - 1],
      [0, whole.length - 1],
    ] as const) {
      expect(digest(await read(key, { start, end }))).toBe(digest(whole.subarray(start, end + 1)))
    }
    expect(await world.remains()).toEqual([])
  })

  test.each([16, 8].map((size) => size * MiB))(
    "keeps a file of %d bytes, whose last part is full",
    async (size) => {
      const key = fresh("zip")
      expect(await storage.put(key, inPieces(randomBytes(size), MiB))).toBe(size)
      expect((await storage.head(key))?.size).toBe(size)
    },
  )

  test("has the file of before until the new one is there whole", async () => {
    const key = fresh()
    await storage.put(key, bytes("before"))
    const { promise: untilLooked, resolve: goOn } = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const putting = storage.put(
      key,
      (async function* () {
        yield bytes("af")
        asked.resolve()
        await untilLooked
        yield bytes("ter")
      })(),
    )
    await asked.promise
    expect(await textOf(key)).toBe("before")
    goOn()
    await putting
    expect(await textOf(key)).toBe("after")
  })

  describe.each([
    ["at once", 0],
    ["in its first part", MiB],
    ["after some parts", 20 * MiB],
  ])("given a source that fails %s", (_, size) => {
    test("throws what it threw, has ended it, and leaves nothing of it", async () => {
      const key = fresh()
      const failing = failingAfter(size)
      await expect(storage.put(key, failing.source)).rejects.toThrow("the source has failed")
      expect(failing.ended).toBe(true)
      expect(await storage.head(key)).toBeUndefined()
      expect(await world.remains()).toEqual([])
    })

    test("leaves the file of before as it was", async () => {
      const key = fresh()
      await storage.put(key, bytes("before"))
      await expect(storage.put(key, failingAfter(size).source)).rejects.toThrow("the source has failed")
      expect(await textOf(key)).toBe("before")
    })

    test("is stopped by its signal, though the source hangs, and leaves nothing of it", async () => {
      const key = fresh()
      const ending = new AbortController()
      const hanging = hangingAfter(size)
      const putting = storage.put(key, hanging.source, { signal: ending.signal })
      await hanging.met
      ending.abort(new Error("the run is cancelled"))
      await expect(putting).rejects.toThrow("the run is cancelled")
      expect(await storage.head(key)).toBeUndefined()
      expect(await world.remains()).toEqual([])
    })
  })

  test("takes what comes slowly, in little pieces and with pauses", async () => {
    const key = fresh()
    const slow = (async function* () {
      for (let at = 0; at < 20; at++) {
        await Bun.sleep(10)
        yield bytes(`${at};`)
      }
    })()
    await storage.put(key, slow)
    expect(await textOf(key)).toBe(Array.from({ length: 20 }, (_, at) => `${at};`).join(""))
  })

  test("removes what was begun long ago and never ended, and no file, nor what is under way", async () => {
    const key = fresh("zip")
    await storage.put(key, bytes("x"))
    const ending = new AbortController()
    const hanging = hangingAfter(20 * MiB)
    const putting = storage.put(key, hanging.source, { signal: ending.signal })
    await hanging.met
    expect(await world.remains()).toHaveLength(1)
    // As if it were long ago that it was begun, or a day.
    const [later, earlier] = [3_600_000, -86_400_000].map((away) => new Date(Date.now() + away))
    expect(await storage.removeUnfinished(earlier!)).toBe(0)
    expect(await storage.removeUnfinished(later!, { dryRun: true })).toBe(1)
    expect(await world.remains()).toHaveLength(1)
    expect(await storage.removeUnfinished(later!)).toBe(1)
    expect(await world.remains()).toEqual([])
    ending.abort(new Error("the run is cancelled"))
    await expect(putting).rejects.toThrow("the run is cancelled")
    expect(await textOf(key)).toBe("x")
    expect(await storage.removeUnfinished(later!)).toBe(0)
  })

  test("does nothing for a signal that is aborted already, and ends the source", async () => {
    const key = fresh()
    const { stream, cancelled } = unread()
    const signal = AbortSignal.abort(new Error("too late"))
    await expect(storage.put(key, stream, { signal })).rejects.toThrow("too late")
    expect(cancelled()).toBe(true)
    expect(await storage.head(key)).toBeUndefined()
  })

  test("knows of nothing that is not there, and removes it all the same", async () => {
    const key = fresh()
    expect(await storage.get(key)).toBeUndefined()
    expect(await storage.head(key)).toBeUndefined()
    await storage.delete(key)
    await storage.put(key, bytes("x"))
    await storage.delete(key)
    expect(await storage.head(key)).toBeUndefined()
    await storage.delete(key)
  })

  test("lists what is in a folder and below, by key", async () => {
    const there = ["a.txt", "a/b.txt", "a/b/c.txt", "a-b/c.txt", "aa/b.txt", "B.txt", "z/1.pdf"]
    const folder = `listed/${crypto.randomUUID()}/`
    for (const key of there) await storage.put(folder + key, bytes(key))
    expect(await keysIn(folder)).toEqual(there.toSorted().map((key) => folder + key))
    expect(await keysIn(`${folder}a/`)).toEqual([`${folder}a/b.txt`, `${folder}a/b/c.txt`])
    expect(await keysIn(`${folder}none/`)).toEqual([])
    expect(await keysIn("")).toEqual(expect.arrayContaining([`${folder}z/1.pdf`]))
    const [file] = await Array.fromAsync(storage.list(`${folder}z/`))
    expect(file).toEqual({ key: `${folder}z/1.pdf`, size: 7, modifiedAt: expect.any(Date) })
  })

  test("lists more files than come on one page", async () => {
    const folder = `many/${crypto.randomUUID()}/`
    const keys = Array.from({ length: 1_005 }, (_, at) => `${folder}${String(at).padStart(4, "0")}.txt`)
    for (let at = 0; at < keys.length; at += 67)
      await Promise.all(keys.slice(at, at + 67).map((key) => storage.put(key, bytes("x"))))
    expect(await keysIn(folder)).toEqual(keys)
  })

  test.each([
    "",
    "x",
    "/x.txt",
    "../x.txt",
    "a/../x.txt",
    "a//x.txt",
    ".x.txt",
    "a\0.txt",
    "é.txt",
    "a/x.txt/",
  ])("refuses the key %j, in whatever is asked of it", async (key) => {
    const { stream, cancelled } = unread()
    await expect(storage.put(key, stream)).rejects.toThrow("is no key of a stored file")
    expect(cancelled()).toBe(true)
    await expect(storage.get(key)).rejects.toThrow(TypeError)
    await expect(storage.head(key)).rejects.toThrow(TypeError)
    await expect(storage.delete(key)).rejects.toThrow(TypeError)
    await expect(storage.link(key, { seconds: 1 })).rejects.toThrow(TypeError)
  })

  test("gives links for a second to a week", async () => {
    for (const seconds of [0, -1, 1.5, 7 * 86_400 + 1])
      await expect(storage.link(fresh(), { seconds })).rejects.toThrow("A link lasts for 1 to 604800 seconds")
    for (const seconds of [1, 7 * 86_400])
      expect(await storage.link(fresh(), { seconds })).toStartWith("http")
  })
})

/** A stream that nobody reads, and whether it was cancelled. */
function unread() {
  let cancelled = false
  const cancel = () => {
    cancelled = true
  }
  return { stream: new ReadableStream<Uint8Array>({ cancel }), cancelled: () => cancelled }
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

async function* inOneBuffer(pieces: Uint8Array[]) {
  const buffer = new Uint8Array(100)
  for (const piece of pieces) {
    buffer.set(piece)
    yield buffer.subarray(0, piece.length)
  }
}
