import { afterEach, beforeEach, expect, test } from "bun:test"
import { createServer, type Server, type Socket } from "node:net"
import { post } from "./post.ts"

let server: Server
let asked: string
let answer: (socket: Socket) => void

beforeEach(async () => {
  process.env.ALLOW_PRIVATE_ADDRESSES = "true"
  asked = ""
  server = createServer((socket) => {
    socket.once("data", (data) => {
      asked = data.toString()
      answer(socket)
    })
    socket.on("error", () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
})
afterEach(() => {
  delete process.env.ALLOW_PRIVATE_ADDRESSES
  server.close()
})

const say = (head: string, body: string, end = true) => {
  answer = (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\n\r\n${body}`, () => (end ? socket.end() : socket.destroy()))
  }
}
const ask = (isRead: boolean | number = 1_000) => {
  const { port } = server.address() as { port: number }
  const url = `http://127.0.0.1:${port}/things/1`
  return post({ url, method: "DELETE", headers: { "x-key": "k" }, body: "", isRead })
}

test("asks by any method, and reads what is said", async () => {
  say("200 OK\r\ncontent-length: 8", '{"é":1}')
  expect(await ask()).toEqual({ status: 200, text: '{"é":1}' })
  expect(asked).toStartWith("DELETE /things/1 HTTP/1.1\r\n")
  expect(asked).toContain("x-key: k")
  say("204 No Content", "")
  expect(await ask()).toEqual({ status: 204 })
})

test("says when there was more than is read, and reads no more", async () => {
  say("200 OK\r\ncontent-length: 5000", "x".repeat(5_000))
  expect(await ask(10)).toEqual({ status: 200, text: "xxxxxxxxxx", isCut: true })
  expect(await ask(false)).toEqual({ status: 200 })
})

test.each(["content-length: 100", "transfer-encoding: chunked"])(
  "an answer with %s that ends in the middle is none",
  async (head) => {
    say(`200 OK\r\n${head}`, head.startsWith("content") ? '{"a":' : '5\r\n{"a":\r\n', false)
    expect(await ask()).toEqual({ error: expect.any(String) })
  },
)

test("waits as long as it is asked to, by seconds or by a date", async () => {
  const wait = async (value: string) => {
    say(`429 Too Many Requests\r\nretry-after: ${value}\r\ncontent-length: 0`, "")
    return (await ask()).retryAfter
  }
  expect(await wait("7")).toBe(7_000)
  expect(await wait(new Date(Date.now() + 60_000).toUTCString())).toBeWithin(50_000, 60_001)
  for (const none of ["0", "soon", "-5", "Mon, 01 Jan 2024 00:00:00 GMT"])
    expect(await wait(none)).toBeUndefined()
})

test("goes to the address that was looked at, whatever proxy there is for others", async () => {
  const { port } = server.address() as { port: number }
  say("204 No Content", "")
  process.env.HTTP_PROXY = `http://127.0.0.1:${port}`
  const seen: string[] = []
  try {
    await fetch("http://shop.example/of-others").catch(() => undefined)
    seen.push(asked.split("\r\n")[0]!)
    const resolve = async () => [{ address: "127.0.0.1", family: 4 }]
    await post({ url: `http://shop.example:${port}/ours`, headers: {}, body: "" }, { resolve })
    seen.push(asked.split("\r\n")[0]!)
  } finally {
    delete process.env.HTTP_PROXY
  }
  expect(seen).toEqual(["GET http://shop.example/of-others HTTP/1.1", "POST /ours HTTP/1.1"])
})
