import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { createBucket, uploadsIn } from "../../sandbox/s3/buckets.ts"
import { hasS3, startS3 } from "../../sandbox/s3/server.ts"
import { runtimes } from "../../sandbox/service.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"

/** What an errand does with a storage, in plain JavaScript; what it prints last is what it found. */
const errand = `
  import { storage } from ${JSON.stringify(pathToFileURL(join(import.meta.dir, "storage.ts")).href)}
  const files = storage()
  const MiB = 1_048_576
  async function* noise(pieces) { for (let at = 0; at < pieces; at++) yield new Uint8Array(MiB).fill(at) }
  async function* failing() { yield* noise(20); throw new Error("the source has failed") }
  const sizeOf = async (body) => { let size = 0; for await (const chunk of body) size += chunk.length; return size }
  const found = {}
  found.stored = await files.put("a/large.zip", noise(20))
  found.head = (await files.head("a/large.zip")).size
  found.read = await sizeOf(await files.get("a/large.zip"))
  found.part = [...await new Response(await files.get("a/large.zip", { range: { start: 8 * MiB - 1, end: 8 * MiB } })).bytes()]
  found.failed = await files.put("a/failed.zip", failing()).catch((error) => error.message)
  found.stopped = await files.put("a/stopped.zip", new ReadableStream(), { signal: AbortSignal.timeout(200) }).catch((error) => error.name)
  found.none = [await files.get("a/none.zip"), await files.head("a/none.zip")].map(String)
  found.listed = (await Array.fromAsync(files.list("a/"))).map(({ key }) => key)
  found.link = await files.link("a/large.zip", { seconds: 60, filename: "água.zip" })
  if (found.link.includes("X-Amz-")) {
    const answer = await fetch(found.link)
    found.name = answer.headers.get("content-disposition")
    found.linked = await sizeOf(answer.body)
  }
  await files.delete("a/large.zip")
  found.left = (await Array.fromAsync(files.list(""))).length
  console.log(JSON.stringify(found))
`

async function onDeno(env: Record<string, string>) {
  const child = Bun.spawn([runtimes.deno[0], "eval", errand], {
    cwd: join(import.meta.dir, "../.."),
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [said, complaints] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  expect([complaints, await child.exited]).toEqual(["", 0])
  return JSON.parse(said)
}

const size = 20 * 1_048_576
const found = {
  stored: size,
  head: size,
  read: size,
  part: [7, 8],
  failed: "the source has failed",
  stopped: "TimeoutError",
  none: ["undefined", "undefined"],
  listed: ["a/large.zip"],
  link: expect.any(String),
  left: 0,
}

test("a folder does on Deno what it does on Bun", async () => {
  const STORAGE_URL = pathToFileURL(await temporaryFolder()).href
  expect(await onDeno({ STORAGE_URL })).toEqual(found)
})

describe.skipIf(!hasS3)("a bucket", () => {
  let server: Awaited<ReturnType<typeof startS3>>
  beforeAll(async () => {
    server = await startS3(await temporaryFolder())
  })
  afterAll(() => server.stop())

  test("does on Deno what it does on Bun", async () => {
    const target = await createBucket(server, "files")
    const env = {
      STORAGE_URL: `s3://files?endpoint=${server.url}`,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    }
    expect(await onDeno(env)).toEqual({
      ...found,
      name: `attachment; filename="agua.zip"; filename*=UTF-8''%C3%A1gua.zip`,
      linked: size,
    })
    expect(await uploadsIn(target)).toEqual([])
  })
})
