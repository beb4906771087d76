import { expect, test } from "bun:test"
import { mkdir, readdir, readFile, readlink, rm, stat, truncate, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { run } from "../../../sandbox/process/run.ts"
import { required } from "../../../sandbox/required.ts"
import { temporaryFolder } from "../../../sandbox/testing.ts"
import { openFolder } from "./storage.ts"

// A disk that is full is a little one of its own, which only root may make.
const hasFull = required("root, to make a disk that is full", process.getuid?.() === 0)

const bytes = (text: string) => new TextEncoder().encode(text)
const keysIn = async (root: string) =>
  (await Array.fromAsync(openFolder(root).list(""))).map(({ key }) => key)

test("keeps files to their owner, each as a file of its own below the folder, which it makes", async () => {
  const root = join(await temporaryFolder(), "not/yet/there")
  await openFolder(root).put("reports/7/a.txt", bytes("x"))
  expect(await readFile(join(root, "reports/7/a.txt"), "utf8")).toBe("x")
  for (const path of ["", "reports/7", "reports/7/a.txt"])
    expect((await stat(join(root, path))).mode & 0o077).toBe(0)
})

test("passes over what is none of its files, and takes no folder for one", async () => {
  const root = await temporaryFolder()
  const storage = openFolder(root)
  await storage.put("a/b.txt", bytes("x"))
  await mkdir(join(root, "a/folder.txt"))
  for (const stranger of ["no-kind", ".hidden.txt", "a/with space.txt"])
    await writeFile(join(root, stranger), "")
  await mkdir(join(root, "é"))
  expect(await keysIn(root)).toEqual(["a/b.txt"])
  expect(await storage.head("a/folder.txt")).toBeUndefined()
  expect(await storage.get("a/folder.txt")).toBeUndefined()
})

test("lists nothing in a folder that is not there yet", async () => {
  expect(await keysIn(join(await temporaryFolder(), "none"))).toEqual([])
})

test("removes what killed processes left of their files, a day later", async () => {
  const root = await temporaryFolder()
  const partial = (name: string) => join(root, ".partial", name)
  await openFolder(root).put("a.txt", bytes("x"))
  const yesterday = new Date(Date.now() - 25 * 3_600_000)
  for (const name of ["abandoned", "under-way"]) await writeFile(partial(name), "half")
  await utimes(partial("abandoned"), yesterday, yesterday)
  await openFolder(root).put("b.txt", bytes("x"))
  expect(await readdir(join(root, ".partial"))).toEqual(["under-way"])
})

test("says what is wrong when it cannot write, and ends the source", async () => {
  const root = await temporaryFolder()
  await writeFile(join(root, "file"), "")
  let cancelled = false
  const content = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true
    },
  })
  await expect(openFolder(join(root, "file")).put("a.txt", content)).rejects.toThrow("ENOTDIR")
  expect(cancelled).toBe(true)
})

test.skipIf(!hasFull)(
  "says that the disk is full, and leaves nothing of the file, nor less of the one before",
  async () => {
    const root = await temporaryFolder()
    await mkdir(join(root, "small"))
    expect((await run("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", join(root, "small")])).ok).toBe(true)
    try {
      const storage = openFolder(join(root, "small"))
      await storage.put("a.zip", bytes("before"))
      await expect(storage.put("a.zip", new Uint8Array(8_000_000))).rejects.toThrow("ENOSPC")
      expect(await new Response(await storage.get("a.zip")).text()).toBe("before")
      expect(await readdir(join(root, "small/.partial"))).toEqual([])
      await storage.put("b.zip", new Uint8Array(1_000_000))
      expect((await storage.head("b.zip"))?.size).toBe(1_000_000)
    } finally {
      await run("umount", [join(root, "small")])
    }
  },
)

test("does not give a part of a file for the whole, though it becomes shorter while it is read", async () => {
  const root = await temporaryFolder()
  const storage = openFolder(root)
  await storage.put("a.zip", new Uint8Array(1_000_000))
  const reader = (await storage.get("a.zip"))!.getReader()
  await reader.read()
  await truncate(join(root, "a.zip"), 300_000)
  const toTheEnd = async () => {
    while (!(await reader.read()).done);
  }
  await expect(toTheEnd()).rejects.toThrow("a.zip became shorter while it was read")
})

test("gives a file to its end, though it is replaced or removed while it is read", async () => {
  const root = await temporaryFolder()
  const storage = openFolder(root)
  await storage.put("a.zip", new Uint8Array(1_000_000).fill(1))
  const reader = (await storage.get("a.zip"))!.getReader()
  const read = [(await reader.read()).value!]
  await storage.put("a.zip", new Uint8Array(10).fill(2))
  await rm(join(root, "a.zip"))
  for (let next = await reader.read(); !next.done; next = await reader.read()) read.push(next.value)
  const whole = Buffer.concat(read)
  expect([whole.length, whole.every((byte) => byte === 1)]).toEqual([1_000_000, true])
})

test("holds a file open only from the first read of it to its end, or until it is cancelled", async () => {
  const root = await temporaryFolder()
  const storage = openFolder(root)
  await storage.put("a.zip", new Uint8Array(1_000_000))
  const held = async () => {
    const links = (await readdir("/proc/self/fd")).map((fd) =>
      readlink(`/proc/self/fd/${fd}`).catch(() => ""),
    )
    return (await Promise.all(links)).filter((path) => path.startsWith(root)).length
  }
  const [whole, cancelled, unread] = await Promise.all([0, 1, 2].map(() => storage.get("a.zip")))
  expect([unread?.locked, await held()]).toEqual([false, 0])
  const reader = cancelled!.getReader()
  await reader.read()
  expect(await held()).toBe(1)
  await reader.cancel()
  expect(await held()).toBe(0)
  expect((await new Response(whole).bytes()).length).toBe(1_000_000)
  expect(await held()).toBe(0)
})

test("stops reading when its signal is aborted", async () => {
  const storage = openFolder(await temporaryFolder())
  await storage.put("a.zip", new Uint8Array(1_000_000))
  const ending = new AbortController()
  const reader = (await storage.get("a.zip", { signal: ending.signal }))!.getReader()
  await reader.read()
  ending.abort(new Error("the run is cancelled"))
  await expect(reader.read()).rejects.toThrow("the run is cancelled")
})
