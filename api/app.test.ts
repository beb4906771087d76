import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { validate, version } from "uuid"
import { templateNames } from "../lib/emails/index.ts"
import { email } from "../lib/jobs/email.ts"
import { jobs } from "../lib/jobs/index.ts"
import { queueClient, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { type Runtime, runtimes, type Service, startService } from "../sandbox/service.ts"
import { askMasters } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { enqueued, tick } from "../worker/testing.ts"
import { createApp } from "./app.ts"

const KEY = "est_a_key_for_the_tests"
const mail = { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } }

describe.each(Object.keys(runtimes) as Runtime[])("the API on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterAll(async () => {
    await queueOf(email).obliterate({ force: true })
    await api.stop()
  })

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${api.url}${path}`, { ...init, headers: { authorization: `Bearer ${KEY}`, ...init.headers } })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
  const answer = async (response: Response) => [response.status, await response.json()]

  describe("asked to cancel a run", () => {
    const asked = async (options = {}) =>
      ((await (await post("/api/jobs/email", { data: mail, options })).json()) as { jobId: string }).jobId

    test("ends one that waits, says so with the reason, and answers the same when asked again", async () => {
      const id = await asked({ delay: 60_000 })
      const cancelled = [200, { success: true, status: "cancelled", message: "The run is cancelled" }]
      expect(await answer(await post(`/api/jobs/email-send/${id}/cancel`, { reason: "a mistake" }))).toEqual(
        cancelled,
      )
      expect(await answer(await call(`/api/jobs/email/${id}`))).toMatchObject([
        200,
        { status: "cancelled", failedReason: "Cancelled by admin: a mistake" },
      ])
      expect(await answer(await call(`/api/jobs/email/${id}/cancel`, { method: "POST" }))).toEqual(cancelled)
    })

    test("is told nothing but an id, and takes that", async () => {
      const id = await asked()
      expect((await call(`/api/jobs/email/${id}/cancel`, { method: "POST" })).status).toBe(200)
      expect(await answer(await call(`/api/jobs/email/${id}`))).toMatchObject([
        200,
        { failedReason: "Cancelled by admin" },
      ])
    })

    test("refuses one that has ended, one that is none, and what it does not know", async () => {
      const id = await asked()
      await tick()
      expect(await answer(await post(`/api/jobs/email/${id}/cancel`, {}))).toEqual([
        409,
        { error: `Too late: run ${id} on queue email has ended` },
      ])
      const nobody = crypto.randomUUID()
      expect(await answer(await post(`/api/jobs/email/${nobody}/cancel`, {}))).toEqual([
        404,
        { error: `No run ${nobody} on queue email` },
      ])
      expect((await post(`/api/jobs/nothing/${id}/cancel`, {})).status).toBe(404)
      expect((await post(`/api/jobs/email/${id}/cancel`, { why: "?" })).status).toBe(400)
      expect(
        (await post(`/api/jobs/email/${id}/cancel`, "{}", { "content-type": "text/plain" })).status,
      ).toBe(415)
    })
  })

  describe("asked for a run", () => {
    test("queues it, and says where to look", async () => {
      const response = await post("/api/jobs/email", { data: mail, options: { priority: "high" } })
      const body = (await response.json()) as { jobId: string }
      expect(response.status).toBe(202)
      expect(body as object).toEqual({
        jobId: expect.any(String),
        queue: "email",
        status: "enqueued",
        statusUrl: `/api/jobs/email/${body.jobId}`,
      })
      expect(validate(body.jobId) && version(body.jobId)).toBe(7)
      expect(await enqueued("email")).toMatchObject([
        { id: body.jobId, priority: 1, payload: { to: ["ana@example.com"] } },
      ])
    })

    test("answers what becomes of it, from waiting to completed", async () => {
      const asked = (await (await post("/api/jobs/email-send", { data: mail })).json()) as {
        jobId: string
        statusUrl: string
      }
      const waiting = await answer(await call(asked.statusUrl))
      expect(waiting).toEqual([
        200,
        {
          jobId: asked.jobId,
          queue: "email",
          name: "email",
          status: "waiting",
          progress: { percentage: 0, stage: "waiting", message: "" },
          data: { to: ["[redacted]"], template: "welcome", data: "[redacted]", locale: "pt-BR" },
          returnValue: null,
          failedReason: null,
          attemptsMade: 0,
          createdAt: expect.any(Number),
          processedOn: null,
          finishedOn: null,
        },
      ])
      await tick()
      expect(await answer(await call(asked.statusUrl))).toMatchObject([
        200,
        {
          status: "completed",
          progress: { percentage: 100, stage: "sent" },
          returnValue: { sent: 1, suppressed: 0, messageId: expect.any(String) },
          attemptsMade: 1,
          finishedOn: expect.any(Number),
        },
      ])
    })
  })

  describe("given what it cannot use", () => {
    test.each([
      ["not JSON", '{"data":', 400, /^The body is not JSON: /],
      ["nothing", "", 400, /^Bad request: /],
      ["JSON that is no object", "[1]", 400, /^Bad request: /],
      ["fields of no meaning", { data: mail, priority: 1 }, 400, /Unrecognized key: "priority"/],
      ["no data", {}, 400, /^Bad request: data: /],
      [
        "an unknown template",
        { data: { ...mail, template: "hello" } },
        400,
        new RegExp(`${templateNames.join(", ")}$`),
      ],
      ["bad options", { data: mail, options: { delay: -1 } }, 400, /delay/],
      ["a body of 1 MiB", "x".repeat(1024 * 1024), 413, /^The body has more than 262144 bytes/],
    ])("says so: %s", async (_, body, status, message) => {
      expect(await answer(await post("/api/jobs/email", body))).toEqual([
        status,
        expect.objectContaining({ error: expect.stringMatching(message) }),
      ])
    })

    test("names each path with what would be right", async () => {
      const data = { ...mail, to: "nobody", data: { userName: "", loginUrl: "ftp://a" } }
      const [status, body] = await answer(await post("/api/jobs/email", { data }))
      expect(status).toBe(400)
      expect((body as { details: { path: string }[] }).details.map(({ path }) => path)).toEqual([
        "to",
        "data.userName",
        "data.loginUrl",
      ])
    })

    test("refuses a body that says nothing of its size as it grows too large", async () => {
      const chunk = new Uint8Array(64 * 1024).fill(120)
      let sent = 0
      const body = new ReadableStream({
        pull: (controller) => (sent++ < 16 ? controller.enqueue(chunk) : controller.close()),
      })
      const response = await call("/api/jobs/email", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      })
      expect(response.status).toBe(413)
    })

    test("refuses a payload above 64 KiB", async () => {
      const highlights = Array.from({ length: 8 }, () => ({ label: "l", value: "v" }))
      const data = {
        to: "a@example.com",
        template: "monthly-report",
        data: { month: "m", highlights, reportUrl: `https://a.example/${"x".repeat(70_000)}` },
      }
      expect(await answer(await post("/api/jobs/email", { data }))).toMatchObject([
        413,
        { error: expect.stringContaining("the limit is 65536") },
      ])
    })

    test("lists the queues there are", async () => {
      const unknown = { error: expect.stringMatching(/^No queue "mail": the queues are email, email-send/) }
      expect(await answer(await post("/api/jobs/mail", { data: {} }))).toEqual([404, unknown])
      expect(await answer(await call("/api/jobs/mail/1"))).toEqual([404, unknown])
    })

    test("knows no run that is none, though Redis has a key of that name", async () => {
      for (const id of [
        "meta",
        "id",
        "..%2F..",
        "%ff%fe",
        "%ED%A0%80",
        "%zz",
        "%",
        "01a2074a-3892-75b0-bb74-6e2468262e26",
      ]) {
        expect((await call(`/api/jobs/email/${id}`)).status).toBe(404)
      }
    })

    test("walks through no body that has no end of lists within lists", async () => {
      const nested = (levels: number) => `${'{"a":['.repeat(levels)}"\\u0000"${"]}".repeat(levels)}`
      for (const levels of [51, 1_000, 30_000])
        expect(await answer(await post("/api/jobs/email", nested(levels)))).toEqual([
          400,
          { error: "The body has lists or objects within each other, more than 100 of them" },
        ])
      expect(await answer(await post("/api/jobs/email", nested(50)))).toEqual([
        400,
        expect.objectContaining({ error: expect.stringContaining("NUL") }),
      ])
    })

    test("wants JSON that says it is, in UTF-8", async () => {
      expect((await post("/api/jobs/email", { data: mail }, { "content-type": "text/plain" })).status).toBe(
        415,
      )
      const latin = call("/api/jobs/email", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: new Uint8Array([0x22, 0xe9, 0x22]),
      })
      expect(await answer(await latin)).toEqual([400, { error: "The body is not UTF-8" }])
    })

    test("has no route for it", async () => {
      expect(await answer(await call("/api/nothing"))).toEqual([404, { error: "No route GET /api/nothing" }])
      expect((await call("/api/jobs/email", { method: "PUT" })).status).toBe(404)
    })
  })

  describe("called without a right to", () => {
    test.each([
      ["no key", undefined],
      ["a wrong key", `Bearer ${KEY}x`],
      ["the start of the key", `Bearer ${KEY.slice(0, -1)}`],
      ["the key of another scheme", `Basic ${btoa(`x:${KEY}`)}`],
      ["no scheme", KEY],
    ])("answers 401 to %s, before it reads a body", async (_, authorization) => {
      const response = await fetch(`${api.url}/api/jobs/email`, {
        method: "POST",
        body: "{",
        headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
      })
      expect(await answer(response)).toEqual([401, { error: "Unauthorized" }])
    })

    test("keeps every route shut that is not open by design", async () => {
      for (const path of [
        "/openapi",
        "/openapi/json",
        "/openapi/start.js",
        "/api/admin/emails/welcome/preview",
        "/api/jobs/email/x",
        "/nothing",
        "//api/jobs/email/x",
        "/health/x",
        "/files",
        "/files/x/y",
      ]) {
        expect([path, (await fetch(`${api.url}${path}`)).status]).toEqual([path, 401])
      }
    })
  })

  test("lets no open route stand in for a shut one, whatever the host and the query say", async () => {
    const { jobId } = (await (await post("/api/jobs/email", { data: mail })).json()) as { jobId: string }
    for (const host of ["x", "localhost", "a.b"]) {
      const socket = connect(api.port, "127.0.0.1")
      const answered = new Promise<string>((resolve) =>
        socket.once("data", (chunk) => resolve(String(chunk))),
      )
      socket.write(`GET /health?a=/api/jobs/email/${jobId} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
      expect(await answered).not.toContain("ana@example.com")
      socket.end()
    }
  })

  test("serves a host of any length, as a private network may name it", async () => {
    const socket = connect(api.port, "127.0.0.1")
    const answered = new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(String(chunk))))
    const body = JSON.stringify({ data: mail })
    socket.write(
      `POST /api/jobs/email HTTP/1.1\r\nhost: api\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    expect(await answered).toContain("202 Accepted")
    socket.end()
  })

  test("answers as an API does what is no proper request", async () => {
    const heads = [
      "POST /xxxxxxxxxxxxxxx/health HTTP/1.1\r\nhost: [\r\ncontent-length: 0",
      "GET /xxxxxxxxxxxxxxx/health HTTP/1.0",
      "GET /health HTTP/1.1\r\nhost: [",
    ]
    for (const head of heads) {
      const socket = connect(api.port, "127.0.0.1")
      const answered = new Promise<string>((resolve) => {
        let text = ""
        socket.on("data", (chunk) => {
          text += chunk
        })
        socket.on("close", () => resolve(text))
      })
      socket.write(`${head}\r\nconnection: close\r\n\r\n`)
      const text = await answered
      expect(text).toStartWith("HTTP/1.")
      expect(text).not.toContain("node_modules")
      expect(text).not.toContain("<html")
      expect(text.length).toBeLessThan(2_000)
    }
    expect((await fetch(`${api.url}/health`)).status).toBe(200)
  })

  test("is alive, and ready when Redis and PostgreSQL answer", async () => {
    const health = async () => (await (await fetch(`${api.url}/health`)).json()) as { warnings: string[] }
    expect(await until(async () => (await health()).warnings.length === 0, 5_000)).toBe(true)
    expect(await health()).toEqual({ status: "ok", uptime: expect.any(Number), warnings: [] } as never)
    expect(await answer(await fetch(`${api.url}/ready`))).toMatchObject([
      200,
      { status: "ready", checks: { redis: { ok: true }, postgres: { ok: true } } },
    ])
  })

  test("sends its security headers and a request id with every answer, good or bad", async () => {
    for (const response of [
      await fetch(`${api.url}/health`),
      await fetch(`${api.url}/nothing`),
      await post("/api/jobs/email", "{"),
    ]) {
      const { headers } = response
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("content-security-policy")).toContain("default-src 'none'")
      expect(headers.get("cache-control")).toBe("no-store")
      expect(headers.get("x-frame-options")).toBe("DENY")
      expect(headers.get("referrer-policy")).toBe("no-referrer")
      expect(headers.get("strict-transport-security")).toContain("max-age=")
      expect(validate(headers.get("x-request-id"))).toBe(true)
    }
  })

  test("keeps a caller's request id, unless it is not fit to be logged", async () => {
    const idFor = async (id: string) =>
      (await call("/health", { headers: { "x-request-id": id } })).headers.get("x-request-id")
    expect(await idFor("order-4711.a")).toBe("order-4711.a")
    expect(await idFor("a b")).not.toBe("a b")
    expect(await idFor("x".repeat(101))).not.toBe("x".repeat(101))
  })

  test("describes each job as OpenAPI, from its own schemas", async () => {
    const spec = (await (await call("/openapi/json")).json()) as Spec
    expect(spec.openapi).toStartWith("3.")
    const { post, get } = { ...spec.paths["/api/jobs/email"], ...spec.paths["/api/jobs/email/{id}"] }
    expect(post?.summary).toBe("Send a mail made from a template")
    const body = post?.requestBody?.content["application/json"]
    for (const name of templateNames) {
      expect(JSON.stringify(body?.schema)).toContain(JSON.stringify({ type: "string", const: name }))
    }
    expect(
      (
        await call("/api/jobs/email", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body?.example),
        })
      ).status,
    ).toBe(202)
    expect(Object.keys(post?.responses ?? {})).toEqual([
      "202",
      "400",
      "401",
      "403",
      "409",
      "413",
      "415",
      "429",
      "500",
      "503",
    ])
    expect(Object.keys(get?.responses ?? {})).toEqual([
      "200",
      "400",
      "401",
      "403",
      "404",
      "429",
      "500",
      "503",
    ])
    const declared = createApp()
      .routes.filter(({ hooks }) => !hooks.detail?.hide)
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`)
    const described = Object.entries(spec.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(described.sort()).toEqual(declared.sort())
    for (const { name } of jobs) expect(described).toContain(`post /api/jobs/${name}`)
  })

  test("shows the reference to whoever has the key as a password, its files its own", async () => {
    const page = { headers: { authorization: `Basic ${btoa(`anyone:${KEY}`)}` } }
    const response = await fetch(`${api.url}/openapi`, page)
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8")
    const html = await response.text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!)
    expect(files).toHaveLength(3)
    for (const file of files) {
      expect(file).toStartWith("/openapi/")
      expect((await fetch(`${api.url}${file}`, page)).status).toBe(200)
    }
    expect((await fetch(`${api.url}/openapi/package.json`, page)).status).toBe(404)
    expect((await fetch(`${api.url}/openapi`)).headers.get("www-authenticate")).toStartWith("Basic ")
  })

  test("lets what is under way end when it is stopped, and exits with 0", async () => {
    const one = await (await startService(runtimes[runtime])).up()
    await untilReady(queueClient())
    await askMasters((redis) => redis.client("PAUSE", 60_000, "WRITE"))
    const underWay = fetch(`${one.url}/api/jobs/email`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ data: mail }),
    })
    const isHeld = async () => / flags=b /.test(String(await askMasters((redis) => redis.client("LIST"))))
    const held = await until(isHeld, 900)
    one.signal("SIGTERM")
    await askMasters((redis) => redis.client("UNPAUSE"))
    expect(held).toBe(true)
    expect((await underWay).status).toBe(202)
    expect(await one.ended).toBe(0)
  })
})

interface Spec {
  openapi: string
  paths: Record<
    string,
    Record<
      string,
      {
        summary?: string
        responses?: object
        requestBody?: { content: Record<string, { schema: unknown; example: unknown }> }
      }
    >
  >
}
