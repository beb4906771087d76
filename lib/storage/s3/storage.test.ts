import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { type AddressInfo, connect, createServer } from "node:net"
import { inPieces, randomBytes } from "../../../sandbox/content.ts"
import { bucketOf, createBucket, uploadsIn } from "../../../sandbox/s3/buckets.ts"
import { hasS3, startS3 } from "../../../sandbox/s3/server.ts"
import { startTroubles } from "../../../sandbox/s3/troubles.ts"
import { temporaryFolder } from "../../../sandbox/testing.ts"
import { PermanentError } from "../../errors.ts"
import type { BucketTarget } from "../target.ts"
import type { Storage } from "../types.ts"
import { createClient } from "./client.ts"
import { openBucket } from "./storage.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const fresh = (kind = "txt") => `tests/${crypto.randomUUID()}.${kind}`
const MiB = 1_048_576

describe.skipIf(!hasS3)("a bucket of S3", () => {
  let server: Awaited<ReturnType<typeof startS3>>
  let troubles: ReturnType<typeof startTroubles>
  let direct: BucketTarget
  /** Reached through the troubles. */
  let storage: Storage
  beforeAll(async () => {
    server = await startS3(await temporaryFolder())
    direct = await createBucket(server, "files")
    troubles = startTroubles(server.url)
    storage = openBucket(bucketOf({ ...server, url: troubles.url }, "files"))
  })
  afterEach(() => {
    troubles.become(() => undefined)
    troubles.passed.length = 0
  })
  afterAll(async () => {
    await troubles.stop()
    await server.stop()
  })

  describe("by a link", () => {
    test("gives a file to whoever has it, under its name and as what it is, whole or in part", async () => {
      const key = fresh("csv")
      await storage.put(key, bytes("a;b\n"))
      const link = await openBucket(direct).link(key, { seconds: 60, filename: "Relatório (julho) 100%.csv" })
      const answer = await fetch(link)
      expect([answer.status, await answer.text()]).toEqual([200, "a;b\n"])
      expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8")
      expect(answer.headers.get("cache-control")).toBe("no-store")
      expect(answer.headers.get("content-disposition")).toBe(
        `attachment; filename="Relatorio (julho) 100_.csv"; filename*=UTF-8''Relat%C3%B3rio%20%28julho%29%20100%25.csv`,
      )
      const part = await fetch(link, { headers: { range: "bytes=2-2" } })
      expect([part.status, await part.text()]).toEqual([206, "b"])
    })

    test("gives nothing once it is changed or has expired", async () => {
      const [key, other] = [fresh(), fresh()]
      for (const name of [key, other]) await storage.put(name, bytes("x"))
      const link = await openBucket(direct).link(key, { seconds: 2 })
      expect((await fetch(link)).status).toBe(200)
      for (const changed of [
        link.replace(key, other),
        link.replace("X-Amz-Expires=2", "X-Amz-Expires=9999"),
        link.replace("attachment", "inline"),
        link.replace(/.$/, (sign) => (sign === "0" ? "1" : "0")),
      ]) {
        expect((await fetch(changed)).status).toBe(403)
      }
      await expired(link)
    })

    test("is signed with the token of an access key for a while", async () => {
      const link = await openBucket({ ...direct, sessionToken: "a token" }).link(fresh(), { seconds: 60 })
      expect(new URL(link).searchParams.get("X-Amz-Security-Token")).toBe("a token")
    })
  })

  test("is reached by a host of its own, where that is its style", async () => {
    const { port } = new URL(server.url)
    const own = openBucket({ ...direct, address: `http://files.localhost:${port}` })
    const key = fresh()
    await own.put(key, bytes("x"))
    expect(await storage.head(key)).toMatchObject({ size: 1 })
    expect(await (await fetch(await own.link(key, { seconds: 60 }))).text()).toBe("x")
    expect(await Array.fromAsync(own.list("tests/"))).toContainEqual(expect.objectContaining({ key }))
  })

  test("is told from one that is not there, and from one that is another's, in words", async () => {
    const none = openBucket(bucketOf(server, "none"))
    await expect(none.get("a.txt")).rejects.toThrow(
      /^S3 refuses to GET http:\/\/\S+\/none\/a\.txt: 404 NoSuchBucket$/,
    )
    await expect(none.put("a.txt", bytes("x"))).rejects.toThrow("404 NoSuchBucket")
    await expect(none.delete("a.txt")).rejects.toThrow("404 NoSuchBucket")
    await expect(Array.fromAsync(none.list(""))).rejects.toThrow("404 NoSuchBucket")
    const another = openBucket({ ...direct, secretAccessKey: "not the secret" })
    await expect(another.put("a.txt", bytes("x"))).rejects.toThrow("403 SignatureDoesNotMatch")
    await expect(another.head("a.txt")).rejects.toThrow("S3 refuses to HEAD")
  })

  test("is for nobody without a link or the key, and keeps its objects so", async () => {
    const key = fresh()
    await openBucket(direct).put(key, bytes("x"))
    const url = `${server.url}/files/${key}`
    for (const asked of [url, `${server.url}/files/`, `${server.url}/files/?list-type=2`])
      expect((await fetch(asked)).status).toBe(403)
    expect((await fetch(url, { method: "PUT", body: "y" })).status).toBe(403)
    expect((await fetch(url, { method: "DELETE" })).status).toBe(403)
    expect(await new Response(await openBucket(direct).get(key)).text()).toBe("x")
  })

  test("refuses what was changed on its way", async () => {
    const changing = Bun.serve({
      port: 0,
      fetch: ({ method, headers, url }) =>
        fetch(`${server.url}${new URL(url).pathname}`, { method, headers, body: "changed" }),
    })
    const changed = openBucket(bucketOf({ ...server, url: changing.url.origin }, "files"))
    const key = fresh()
    await expect(changed.put(key, bytes("as sent"))).rejects.toThrow("400 XAmzContentSHA256Mismatch")
    expect(await storage.head(key)).toBeUndefined()
    await changing.stop(true)
  })

  describe("in trouble", () => {
    const slowDown = () =>
      new Response("<Error><Code>SlowDown</Code><Message>Less haste</Message></Error>", { status: 503 })
    const large = () => inPieces(new Uint8Array(20 * MiB))

    test.each(["PUT", "HEAD", "GET", "DELETE"])("is asked again: %s", async (method) => {
      const key = fresh()
      let left = 2
      await storage.put(key, bytes("x"))
      troubles.become((asked) => (asked === method && left-- > 0 ? slowDown() : undefined))
      await storage.put(key, bytes("x"))
      expect((await storage.head(key))?.size).toBe(1)
      expect(await new Response(await storage.get(key)).text()).toBe("x")
      await storage.delete(key)
      expect(left).toBeLessThan(0)
    })

    test("is asked again for a part, and for the whole that an answer began to promise", async () => {
      const key = fresh("zip")
      let [part, whole] = [1, 1]
      troubles.become((method, query) => {
        if (query.get("partNumber") === "2" && part-- > 0) return slowDown()
        if (method === "POST" && query.has("uploadId") && whole-- > 0)
          return new Response(`<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>`)
      })
      const content = randomBytes(20 * MiB)
      expect(await storage.put(key, inPieces(content))).toBe(content.length)
      const read = await new Response(await storage.get(key)).bytes()
      expect(Buffer.from(read).equals(content)).toBe(true)
    })

    test("has no object and no parts of what could not be sent in the end, and is told why", async () => {
      const key = fresh("zip")
      troubles.become((_, query) => (query.get("partNumber") === "2" ? slowDown() : undefined))
      await expect(storage.put(key, large())).rejects.toThrow("503 SlowDown: Less haste")
      expect(troubles.passed.filter((asked) => asked === "DELETE uploadId")).toHaveLength(1)
      expect(await storage.head(key)).toBeUndefined()
      expect(await uploadsIn(direct)).toEqual([])
    })

    test("that is full is told by name, and has nothing of the file", async () => {
      const key = fresh("zip")
      const full = () =>
        new Response("<Error><Code>QuotaExceeded</Code><Message>No room left</Message></Error>", {
          status: 403,
        })
      troubles.become((method) => (method === "PUT" ? full() : undefined))
      await expect(storage.put(key, bytes("x"))).rejects.toThrow("403 QuotaExceeded: No room left")
      await expect(storage.put(key, large())).rejects.toThrow("403 QuotaExceeded: No room left")
      expect(await openBucket(direct).head(key)).toBeUndefined()
      expect(await uploadsIn(direct)).toEqual([])
    })

    test("takes a file of as many parts as an object may have, and no larger one, which is not tried again", async () => {
      const bucket = openBucket(direct, { mostParts: 3 })
      const key = fresh("zip")
      const parts = (count: number) => inPieces(randomBytes(count * 8 * MiB))
      expect(await bucket.put(key, parts(3))).toBe(24 * MiB)
      const other = fresh("zip")
      const error = await bucket.put(other, parts(4)).catch((error) => error)
      expect(error).toBeInstanceOf(PermanentError)
      expect(error.message).toBe(
        `${other} is larger than S3 takes in 3 parts, 0.0234375 GiB: ask for less, or for several files`,
      )
      expect(await bucket.head(other)).toBeUndefined()
      expect(await uploadsIn(direct)).toEqual([])
    })

    test("is asked again over another connection when one is cut, and told of when all are", async () => {
      const key = fresh()
      let cuts = 2
      const cutting = createServer((socket) => {
        if (cuts-- > 0) return void socket.once("data", () => socket.destroy())
        const onward = connect(Number(new URL(server.url).port), "127.0.0.1")
        socket.on("error", () => onward.destroy()).pipe(onward)
        onward.on("error", () => socket.destroy()).pipe(socket)
      })
      await new Promise<void>((listening) => cutting.listen(0, "127.0.0.1", listening))
      const { port } = cutting.address() as AddressInfo
      const cut = openBucket(bucketOf({ ...server, url: `http://127.0.0.1:${port}` }, "files"))
      await cut.put(key, bytes("x"))
      expect(cuts).toBeLessThan(0)
      expect(await new Response(await openBucket(direct).get(key)).text()).toBe("x")

      cuts = 100
      const other = openBucket(bucketOf({ ...server, url: `http://localhost:${port}` }, "files"))
      await expect(other.put(fresh(), bytes("x"))).rejects.toThrow(/socket|closed|connect/i)
      cutting.close()
    })

    test("is given up on when it does not answer in time, several times", async () => {
      troubles.become(() => "hang")
      const s3 = createClient(bucketOf({ ...server, url: troubles.url }, "files"))
      await expect(s3.ask("HEAD", "a.txt", { patience: 50 })).rejects.toThrow(
        "S3 did not answer HEAD a.txt within 0.05 s",
      )
      expect(troubles.passed).toEqual(["HEAD", "HEAD", "HEAD", "HEAD"])
    })

    test("is not asked again once the signal says so", async () => {
      const ending = new AbortController()
      troubles.become(() => {
        // After the answer, in the pause before the next request.
        setTimeout(() => ending.abort(new Error("the run is cancelled")), 50)
        return slowDown()
      })
      const asking = storage.head("a.txt", { signal: ending.signal })
      await expect(asking).rejects.toThrow("the run is cancelled")
      expect(troubles.passed).toEqual(["HEAD"])
    })

    test("is not asked again when it refuses for good", async () => {
      troubles.become(() => new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403 }))
      await expect(storage.put(fresh(), bytes("x"))).rejects.toThrow("403 AccessDenied")
      expect(troubles.passed).toEqual(["PUT"])
    })

    test.each([
      ["a small file", "PUT", () => inPieces(bytes("x")), 0],
      ["a part", "PUT", large, 1],
      ["the whole", "POST uploadId", large, 1],
    ] as const)(
      "that hangs over %s is left within seconds when the signal says so",
      async (_, what, content, abandoned) => {
        const key = fresh("zip")
        const ending = new AbortController()
        const { promise: met, resolve: meet } = Promise.withResolvers<void>()
        const isMet = (method: string, query: URLSearchParams) =>
          what === "PUT" ? method === "PUT" : method === "POST" && query.has("uploadId")
        troubles.become((method, query) => {
          if (!isMet(method, query)) return undefined
          meet()
          return "hang"
        })
        const putting = storage.put(key, content(), { signal: ending.signal })
        await met
        ending.abort(new Error("the run is cancelled"))
        await expect(putting).rejects.toThrow("the run is cancelled")
        expect(troubles.passed.filter((asked) => asked === "DELETE uploadId")).toHaveLength(abandoned)
        expect(await openBucket(direct).head(key)).toBeUndefined()
        expect(await uploadsIn(direct)).toEqual([])
      },
    )

    test("does not pass for whole when the connection breaks in the middle of a file", async () => {
      const breaking = createServer((socket) => {
        socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nthe beginning"))
      })
      await new Promise<void>((listening) => breaking.listen(0, "127.0.0.1", listening))
      const { port } = breaking.address() as AddressInfo
      const broken = openBucket(bucketOf({ ...server, url: `http://127.0.0.1:${port}` }, "files"))
      const read = broken.get("a.txt").then((body) => new Response(body).text())
      await expect(read).rejects.toThrow(/closed/)
      breaking.close()
    })

    test("that hangs over anything else is left when the signal says so", async () => {
      troubles.become(() => "hang")
      const signal = () => AbortSignal.timeout(50)
      await expect(storage.get("a.txt", { signal: signal() })).rejects.toThrow(/timed out/)
      await expect(storage.head("a.txt", { signal: signal() })).rejects.toThrow(/timed out/)
      await expect(storage.delete("a.txt", { signal: signal() })).rejects.toThrow(/timed out/)
      await expect(Array.fromAsync(storage.list("", { signal: signal() }))).rejects.toThrow(/timed out/)
    })
  })
})

async function expired(link: string) {
  for (;;) {
    const { status } = await fetch(link)
    if (status === 403) return
    expect(status).toBe(200)
    await Bun.sleep(100)
  }
}
