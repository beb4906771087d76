import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdir, readdir, readFile, readlink, truncate, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Browser } from "playwright-core"
import { EXPORTS } from "../../lib/exports/link.ts"
import { linkTo } from "../../lib/storage/link.ts"
import { exportStorage, storage } from "../../lib/storage/storage.ts"
import { hasChromium, launchChromium } from "../../sandbox/chromium.ts"
import { inspect } from "../../sandbox/inspect.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"

const CONTENT = "0123456789"
const KEY = "reports/7/julho.csv"
const root = fileURLToPath(process.env.STORAGE_URL!)

/** A file of nothing but noughts, which takes no room on the disk. */
async function makeLarge(key: string, size: number) {
  const path = join(root, key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, "")
  await truncate(path, size)
}

describe.each(Object.keys(runtimes) as Runtime[])("a link to a file, on %s", (runtime) => {
  let api: Service
  let link: string
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
    await storage().put(KEY, new TextEncoder().encode(CONTENT))
    link = await storage().link(KEY, { seconds: 3_600, filename: "Relatório de julho.csv" })
  })
  afterAll(() => api.stop())

  /** Follow a link to this API, which the application's address stands for. */
  const follow = (link: string, init: RequestInit = {}) => fetch(api.url + new URL(link).pathname, init)
  const answer = async (response: Response) => [response.status, await response.json()]
  /** Files of the storage that the API has open. */
  const held = async () => {
    const links = (await readdir(`/proc/${api.pid}/fd`)).map((fd) =>
      readlink(`/proc/${api.pid}/fd/${fd}`).catch(() => ""),
    )
    return (await Promise.all(links)).filter((path) => path.startsWith(root)).length
  }

  test("gives it to whoever has the link, to be saved under its name, and never to be kept or run", async () => {
    const response = await follow(link)
    expect([response.status, await response.text()]).toEqual([200, CONTENT])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "accept-ranges": "bytes",
      "cache-control": "no-store",
      "content-disposition": `attachment; filename="Relatorio de julho.csv"; filename*=UTF-8''Relat%C3%B3rio%20de%20julho.csv`,
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "content-type": "text/csv; charset=utf-8",
      etag: expect.stringMatching(/^"10-\d+"$/),
      "x-content-type-options": "nosniff",
    })
  })

  test("is followed with GET alone", async () => {
    const response = await follow(link, { method: "HEAD" })
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"])
    expect((await follow(link, { method: "DELETE" })).status).toBe(401)
  })

  test.each([
    ["bytes=0-3", "0123", "0-3"],
    ["bytes=4-", "456789", "4-9"],
    ["bytes=-2", "89", "8-9"],
    ["bytes=-100", CONTENT, "0-9"],
    ["bytes=9-100", "9", "9-9"],
  ])("gives the part that is asked for: %s", async (range, text, given) => {
    const response = await follow(link, { headers: { range } })
    expect([response.status, await response.text()]).toEqual([206, text])
    expect(response.headers.get("content-range")).toBe(`bytes ${given}/10`)
  })

  test.each(["bytes=0-1,3-4", "bytes=5-4", "bytes=-", "lines=1-2", "bytes=a-b"])(
    "gives all of it for what is no single part: %s",
    async (range) => {
      const response = await follow(link, { headers: { range } })
      expect([response.status, await response.text()]).toEqual([200, CONTENT])
    },
  )

  test.each(["bytes=10-", "bytes=10-20", "bytes=-0"])("has no part past its end: %s", async (range) => {
    const response = await follow(link, { headers: { range } })
    expect(response.headers.get("content-range")).toBe("bytes */10")
    expect(await answer(response)).toEqual([416, { error: "The file has 10 bytes" }])
  })

  test("gives a part only of the version that was begun with", async () => {
    const etag = (await follow(link)).headers.get("etag")!
    const rest = (version: string) => follow(link, { headers: { range: "bytes=8-", "if-range": version } })
    expect(await (await rest(etag)).text()).toBe("89")
    expect(await (await rest('"10-1"')).text()).toBe(CONTENT)
  })

  test("gives an empty file, and no part of one", async () => {
    await storage().put("empty.txt", new Uint8Array())
    const link = await storage().link("empty.txt", { seconds: 60 })
    expect(await (await follow(link)).text()).toBe("")
    expect((await follow(link, { headers: { range: "bytes=0-" } })).status).toBe(416)
  })

  test("is over at its time, and says so", async () => {
    const expiresAt = Math.floor(Date.now() / 1_000)
    expect(await answer(await follow(linkTo({ key: KEY, filename: "a.csv", expiresAt })))).toEqual([
      410,
      { error: "This link has expired: ask for a new one" },
    ])
  })

  test("is none when it was changed, though a file has the key", async () => {
    const none = { error: "This is no link to a file: copy it whole, or ask for a new one" }
    for (const wrong of [
      link.slice(0, -1),
      `${link}a`,
      link.replace("est_", ""),
      "http://a/files/x",
      "http://a/files/%00",
    ])
      expect(await answer(await follow(wrong))).toEqual([404, none])
  })

  test("leads nowhere once the file is removed, and says so", async () => {
    await storage().put("gone.txt", new Uint8Array(1))
    const link = await storage().link("gone.txt", { seconds: 60 })
    await storage().delete("gone.txt")
    expect(await answer(await follow(link))).toEqual([
      404,
      { error: "The file of this link is no longer kept" },
    ])
  })

  test("tells people why there is no file by a page in their language, and programs as JSON", async () => {
    await storage().put("gone.txt", new Uint8Array(1))
    const gone = await storage().link("gone.txt", { seconds: 60 })
    await storage().delete("gone.txt")
    const expired = linkTo({ key: KEY, filename: "a.csv", expiresAt: 1 })
    for (const [link, status, title, inEnglish] of [
      ["http://a/files/x", 404, "Este link não funciona", "This link does not work"],
      [expired, 410, "Este link expirou", "This link has expired"],
      [gone, 404, "Este arquivo não está mais disponível", "This file is no longer available"],
    ] as const) {
      const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
      const page = await follow(link, { headers: { accept } })
      expect([page.status, page.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"])
      expect(page.headers.get("content-security-policy")).toStartWith("default-src 'none'; style-src 'unsafe")
      const text = await page.text()
      expect(text).toContain('<html lang="pt-BR">')
      expect(text).toContain(`<h1>${title}</h1>`)
      const english = await follow(link, { headers: { accept, "accept-language": "en-GB,en;q=0.9" } })
      expect(await english.text()).toContain(`<h1>${inEnglish}</h1>`)
      for (const other of ["*/*", "application/json", "application/json, text/html;q=0", "text/html-not"])
        expect(await answer(await follow(link, { headers: { accept: other } }))).toEqual([
          status,
          { error: expect.any(String) },
        ])
    }
    const asked = { headers: { accept: "text/html" } }
    expect(await (await follow(link, asked)).text()).toBe(CONTENT)
    expect((await follow(link, { headers: { ...asked.headers, range: "bytes=10-" } })).status).toBe(416)
  })

  test("gives a file of half a gigabyte in little memory, however slowly it is taken", async () => {
    const size = 2 ** 29
    await makeLarge("large.zip", size)
    const response = await follow(await storage().link("large.zip", { seconds: 600 }))
    const most = async () =>
      Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${api.pid}/status`, "utf8"))?.[1]) * 1_024
    const before = await most()
    let taken = 0
    for await (const chunk of response.body!) {
      if (taken === 0) await Bun.sleep(500)
      taken += chunk.length
    }
    expect(taken).toBe(size)
    expect((await most()) - before).toBeLessThan(128 * 2 ** 20)
    expect(await until(async () => (await held()) === 0, 5_000)).toBe(true)
  })

  test("lets go of a file when whoever takes it has left", async () => {
    await makeLarge("left.zip", 2 ** 30)
    const leaving = new AbortController()
    const response = await follow(await storage().link("left.zip", { seconds: 600 }), {
      signal: leaving.signal,
    })
    const reader = response.body!.getReader()
    await reader.read()
    expect(await held()).toBeGreaterThan(0)
    leaving.abort()
    expect(await until(async () => (await held()) === 0, 10_000)).toBe(true)
    // Bun gives up a request whose answer nobody refers to any more: it is referred to until here.
    await expect(reader.read()).rejects.toThrow()
  })

  test("is told to no log when the file cannot be read", async () => {
    const STORAGE_URL = pathToFileURL(join(await temporaryFolder(), "file")).href
    await writeFile(fileURLToPath(STORAGE_URL), "")
    const broken = await (await startService(runtimes[runtime], { STORAGE_URL })).up()
    const token = new URL(link).pathname.slice("/files/".length)
    expect((await fetch(`${broken.url}/files/${token}`)).status).toBe(500)
    await broken.stop()
    expect(broken.output()).toContain("GET /files/est_***")
    expect(broken.output()).not.toContain(token)
  })

  test("to an export leads to none while nobody can note who fetches it, which people are told by a page", async () => {
    const key = `${EXPORTS}7/tabelas.csv`
    await exportStorage().put(key, new TextEncoder().encode(CONTENT))
    const { pathname } = new URL(await exportStorage().link(key, { seconds: 60 }))
    const away = `postgres://esteira:a-password@127.0.0.1:${await freePort()}/esteira`
    const alone = await (await startService(runtimes[runtime], { DATABASE_URL: away, DIRECT_URL: away })).up()
    const ask = (accept: string) => fetch(alone.url + pathname, { headers: { accept } })
    expect(await answer(await ask("*/*"))).toEqual([503, { error: expect.stringMatching(/^PostgreSQL, /) }])
    const page = await ask("text/html")
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, expect.any(String)])
    expect(await page.text()).toContain("<h1>O arquivo não pode ser baixado agora</h1>")
    await alone.stop()
  })

  test("is none where files are in a bucket and nothing is signed here", async () => {
    const env = {
      STORAGE_URL: "s3://files?endpoint=http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_SECRET_ACCESS_KEY: "secret",
      SESSION_SECRET: "",
      APP_URL: "",
    }
    const other = await (await startService(runtimes[runtime], env)).up()
    expect((await fetch(other.url + new URL(link).pathname)).status).toBe(404)
    await other.stop()
  })

  test("is refused by an API that has no place for files, or nothing to sign links with", async () => {
    for (const [env, missing] of [
      [{ NODE_ENV: "production", STORAGE_URL: "" }, "set STORAGE_URL (where files are kept: "],
      [
        { SESSION_SECRET: "", APP_URL: "" },
        "set SESSION_SECRET (what links to files in a folder, and the sessions of Express applications, are signed with: a long random text); set API_URL (",
      ],
    ] as const) {
      const none = await startService(runtimes[runtime], env)
      expect(await none.ended).toBe(1)
      expect(none.output()).toStartWith(`Cannot start: ${missing}`)
    }
  })
})

describe.skipIf(!hasChromium)("a link that has expired, in a browser", () => {
  let browser: Browser
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes.bun)).up()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await api.stop()
  })

  for (const colorScheme of ["light", "dark"] as const)
    test(`says so on a page that can be read on a phone, ${colorScheme}, and loads nothing`, async () => {
      const page = await browser.newPage({
        viewport: { width: 320, height: 600 },
        colorScheme,
        locale: "pt-BR",
      })
      const requests: string[] = []
      page.on("request", (request) => requests.push(request.url()))
      const { pathname } = new URL(linkTo({ key: KEY, filename: "a.csv", expiresAt: 1 }))
      expect((await page.goto(api.url + pathname))!.status()).toBe(410)
      await page.getByRole("main").getByRole("heading", { name: "Este link expirou", level: 1 }).waitFor()
      const seen = await page.evaluate(inspect)
      expect(seen.texts.filter(({ contrast, size }) => contrast < 4.5 || size < 16)).toEqual([])
      expect(seen.scrollWidth).toBeLessThanOrEqual(320)
      expect(requests.map((url) => new URL(url).pathname)).toEqual([pathname])
      await page.close()
    })
})
