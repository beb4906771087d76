import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { LookupAddress } from "node:dns"
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import type { Answer } from "../../lib/outward/post.ts"
import { onLoopback } from "../../sandbox/loopback.ts"
import { freePort } from "../../sandbox/ports.ts"
import { required } from "../../sandbox/required.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { send } from "./send.ts"

const secret = `whsec_${Buffer.from("a secret of the tests, of 32 byt").toString("base64")}`
const body = '{"type":"run.completed","data":{"name":"José"}}'

// Resend's own dependency: the reference that receivers use.
const { Webhook } = createRequire(createRequire(import.meta.url).resolve("resend"))("standardwebhooks")

let received: { headers: Headers; body: string; path: string }[]
let answer: () => Response | Promise<Response>
let server: ReturnType<typeof listen>

const listen = (tls?: { key: string; cert: string }) =>
  Bun.serve({
    ...onLoopback,
    port: 0,
    ...(tls && { tls }),
    async fetch(request) {
      received.push({
        headers: request.headers,
        body: await request.text(),
        path: new URL(request.url).pathname,
      })
      return await answer()
    },
  })

beforeEach(() => {
  received = []
  answer = () => new Response(null, { status: 204 })
  server = listen()
  process.env.ALLOW_PRIVATE_ADDRESSES = "true"
})
afterEach(async () => {
  delete process.env.ALLOW_PRIVATE_ADDRESSES
  await server.stop(true)
})

const url = (path = "/hook?token=1") => `http://127.0.0.1:${server.port}${path}`
const sent = (to = url(), more = {}): Promise<Answer> =>
  send({ id: "msg_1", url: to, body }, { secret, ...more })

describe("a callback", () => {
  test("is what the reference implementation takes, and nothing that was changed", async () => {
    expect(await sent()).toEqual({ status: 204 })
    const [{ headers, body: came }] = received as [(typeof received)[number]]
    expect(came).toBe(body)
    expect(headers.get("webhook-id")).toBe("msg_1")
    const asTheyAre = Object.fromEntries(headers)
    expect(new Webhook(secret).verify(came, asTheyAre)).toEqual(JSON.parse(body))
    expect(() => new Webhook(secret).verify(came.replace("José", "Jose"), asTheyAre)).toThrow()
    expect(() => new Webhook(secret).verify(came, { ...asTheyAre, "webhook-id": "msg_2" })).toThrow()
  })

  test("goes to no place that it is redirected to", async () => {
    answer = () => Response.redirect(url("/elsewhere"), 307)
    expect(await sent()).toEqual({ status: 307 })
    expect(received.map(({ path }) => path)).toEqual(["/hook"])
  })

  test("tells what the receiver asks for, and does not read what else it says", async () => {
    answer = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) }), {
        status: 429,
        headers: { "retry-after": "7" },
      })
    expect(await sent()).toEqual({ status: 429, retryAfter: 7_000 })
  })

  test("waits only so long for an answer, for a name, and for a connection that is none", async () => {
    const never = () => new Promise<never>(() => {})
    answer = never
    expect(await sent(url(), { patience: 100 })).toEqual({ error: "no answer within 100 ms" })
    expect(await sent("http://hooks.example/", { patience: 100, resolve: never })).toEqual({
      error: "no answer within 100 ms",
    })
    const { error } = await sent(`http://127.0.0.1:${await freePort()}/`)
    expect(error).toStartWith("ECONNREFUSED")
  })
})

describe("without leave to go to private addresses, a callback", () => {
  const to =
    (...addresses: string[]) =>
    async (): Promise<LookupAddress[]> =>
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))

  beforeEach(() => {
    delete process.env.ALLOW_PRIVATE_ADDRESSES
  })

  test.each([
    [["127.0.0.1"]],
    [["::1"]],
    [["::ffff:127.0.0.1"]],
    [["64:ff9b::a9fe:a9fe"]],
    [["8.8.8.8", "10.0.0.1"]],
  ])("goes to no host that leads to %j", async (addresses) => {
    const there = `https://hooks.example:${server.port}/`
    expect(await sent(there, { resolve: to(...addresses) })).toEqual({
      error: "hooks.example leads to a private address",
    })
  })

  test.each([
    "http://example.com/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "https://redis.railway.internal/",
  ])("does not go to %s, which is not looked up", async (there) => {
    const resolve = () => Promise.reject(new Error("looked up"))
    expect((await sent(there, { resolve })).error).toStartWith("not ")
    expect(received).toEqual([])
  })

  test("is looked up once, and goes to the address that was looked at", async () => {
    let asked = 0
    const resolve = async () => {
      asked++
      // The public one first, and then that of the machine itself.
      return await to(asked === 1 ? "203.0.114.1" : "127.0.0.1")()
    }
    const answer = await sent(`https://hooks.example:${server.port}/`, { resolve, patience: 300 })
    expect(answer.status).toBeUndefined()
    expect(asked).toBe(1)
    expect(received).toEqual([])
  })
})

test.skipIf(!required("openssl", Bun.which("openssl")))(
  "a callback by https goes only to who has a certificate for the name, though by its address",
  async () => {
    const folder = await temporaryFolder()
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")]
    const made = Bun.spawnSync(
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${key} -out ${cert}
        -days 2 -subj /CN=hooks.example -addext subjectAltName=DNS:hooks.example`.split(/\s+/),
    )
    expect(made.exitCode).toBe(0)
    const ca = await readFile(cert, "utf8")
    const secure = listen({ key: await readFile(key, "utf8"), cert: ca })
    const resolve = async () => [{ address: "127.0.0.1", family: 4 }]
    const there = (host: string) => `https://${host}:${secure.port}/`
    expect(await sent(there("hooks.example"), { resolve, ca })).toEqual({ status: 204 })
    expect(received[0]?.headers.get("host")).toBe(`hooks.example:${secure.port}`)
    expect((await sent(there("hooks.example"), { resolve })).error).toContain("CERT")
    expect((await sent(there("other.example"), { resolve, ca })).error).toContain("ALTNAME")
    expect(received).toHaveLength(1)
    await secure.stop(true)
  },
)
