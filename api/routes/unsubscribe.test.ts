import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { type Subscription, unsubscribeUrl } from "../../lib/emails/subscription.ts"
import { hasChromium, launchChromium } from "../../sandbox/chromium.ts"
import { inspect } from "../../sandbox/inspect.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { perform } from "../../worker/testing.ts"

let goBack: () => Promise<void>
let agencyId: number
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  const [agency] = await pool()<[{ id: number }]>`
    insert into agencies (name, slug) values ('Casa <b>Bela</b> & Filhos', 'casa-bela') returning id
  `
  agencyId = agency.id
})
afterAll(() => goBack())

const subscriber = (over: Partial<Subscription> = {}): Subscription => ({
  email: `ana.${crypto.randomUUID()}@example.com`,
  list: "newsletter",
  agencyId: null,
  locale: "en",
  ...over,
})

const rowsOf = async (email: string) => [
  ...(await pool()`select list, agency_id, source from email_unsubscriptions where email = ${email} order by id`),
]

describe.each(Object.keys(runtimes) as Runtime[])("the page of a subscription on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime], { LOG_LEVEL: "error" })).up()
  })
  afterAll(() => api.stop())

  const at = (subscription: Subscription) => `${api.url}${new URL(unsubscribeUrl(subscription)).pathname}`
  const post = (url: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(url, { method: "POST", body, headers, redirect: "manual" })

  test("one tap of a mail program unsubscribes (RFC 8058): a form of either kind, without cookies, as often as it comes", async () => {
    const ana = subscriber()
    const form = new URLSearchParams({ "List-Unsubscribe": "One-Click" })
    const multipart = new FormData()
    multipart.set("List-Unsubscribe", "One-Click")
    for (const body of [form, multipart, form]) {
      const response = await post(at(ana), body)
      expect([response.status, response.headers.get("set-cookie")]).toEqual([200, null])
      expect(await response.text()).toContain("<h1>You are unsubscribed</h1>")
    }
    expect(await rowsOf(ana.email)).toEqual([{ list: "newsletter", agencyId: null, source: "one-click" }])
  })

  test("looking changes nothing, by whatever method", async () => {
    const ana = subscriber({ locale: "pt-BR" })
    for (const method of ["GET", "HEAD", "OPTIONS"]) await (await fetch(at(ana), { method })).arrayBuffer()
    const page = await fetch(at(ana))
    const text = await page.text()
    expect(text).toContain('<html lang="pt-BR">')
    expect(text).toContain("<h1>Cancelar a inscrição?</h1>")
    expect(text).not.toContain(ana.email)
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(page.headers.get("referrer-policy")).toBe("no-referrer")
    expect(await rowsOf(ana.email)).toEqual([])
  })

  test("unsubscribes from one list of one agency, and subscribes again", async () => {
    const ana = subscriber({ agencyId })
    const press = async (action: string) => (await post(at(ana), new URLSearchParams({ action }))).text()
    const page = await press("unsubscribe")
    expect(page).toContain("Casa &lt;b&gt;Bela&lt;/b&gt; &amp; Filhos")
    expect(await rowsOf(ana.email)).toEqual([{ list: "newsletter", agencyId, source: "page" }])
    const others = [
      { ...ana, agencyId: null },
      { ...ana, list: "offers" },
    ]
    for (const other of others)
      expect(await (await fetch(at(other))).text()).toContain("<h1>Unsubscribe?</h1>")
    expect(await press("subscribe")).toContain("<h1>Unsubscribe?</h1>")
    expect(await rowsOf(ana.email)).toEqual([])
  })

  test("whose address is stopped for all lists is told so, and cannot lift it there", async () => {
    const ana = subscriber()
    await pool()`insert into email_suppressions (email, reason) values (${ana.email}, 'complained')`
    const text = await (await post(at(ana), new URLSearchParams({ action: "subscribe" }))).text()
    expect(text).toContain("You get no e-mails of lists")
    expect(text).not.toContain("<form")
  })

  test("refuses links and forms that are none, and does nothing", async () => {
    const ana = subscriber()
    const url = at(ana)
    const form = "List-Unsubscribe=One-Click"
    const type = { "content-type": "application/x-www-form-urlencoded" }
    for (const wrong of [`${url}x`, url.slice(0, -1), `${api.url}/unsubscribe/est_e30.${"A".repeat(43)}`]) {
      const response = await post(wrong, form, type)
      expect([wrong, response.status]).toEqual([wrong, 404])
      expect(await response.text()).toContain("Este link não funciona")
    }
    expect((await fetch(`${url}x`, { headers: { "accept-language": "en-GB" } })).status).toBe(404)
    const refused: [BodyInit, Record<string, string>, number][] = [
      ["", type, 400],
      ["action=delete", type, 400],
      ["List-Unsubscribe=No", type, 400],
      ["--x\r\nnonsense", { "content-type": "multipart/form-data; boundary=y" }, 400],
      [form, { "content-type": "text/plain" }, 415],
      ['{"action":"unsubscribe"}', { "content-type": "application/json" }, 415],
      ["x".repeat(20_000), type, 413],
    ]
    for (const [body, headers, status] of refused)
      expect([body, (await post(url, body, headers)).status]).toEqual([body, status])
    expect(await rowsOf(ana.email)).toEqual([])
  })
})

test("who has unsubscribed gets no news, and still what they asked for; who calls it spam no notices either", async () => {
  const [out, angry] = [subscriber(), subscriber()]
  await pool()`insert into email_suppressions (email, reason) values (${out.email}, 'unsubscribed'), (${angry.email}, 'complained')`
  const news = {
    template: "newsletter",
    data: { title: "News", paragraphs: ["All is well"], highlights: [] },
  } as const
  const notice = { template: "welcome", data: { userName: "Ana" } } as const
  const asked = {
    template: "password-reset",
    data: { userName: "Ana", resetUrl: "/reset", expiresInMinutes: 60 },
  } as const
  const sends = async (mail: typeof news | typeof notice | typeof asked, { email }: Subscription) =>
    (await perform("email", { ...mail, to: [email], locale: "en" } as never)).sent
  for (const [mail, toOut, toAngry] of [
    [news, 0, 0],
    [notice, 1, 0],
    [asked, 1, 1],
  ] as const)
    expect([mail.template, await sends(mail, out), await sends(mail, angry)]).toEqual([
      mail.template,
      toOut,
      toAngry,
    ])
  const mail = world.resend.messages.findLast(({ to }) => to[0] === out.email)!
  expect(mail.headers).toBeNull()
})

describe.skipIf(!hasChromium)("in a browser", () => {
  let browser: Browser
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes.bun, { LOG_LEVEL: "error" })).up()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await api.stop()
  })

  for (const width of [320, 1200])
    for (const scheme of ["light", "dark"] as const)
      for (const locale of ["pt-BR", "en"] as const)
        test(`can be read and pressed at ${width} px, ${scheme}, in ${locale}, and loads nothing`, async () => {
          const subscription = subscriber({ locale, list: "newsletter-of-february" })
          const page = await browser.newPage({ viewport: { width, height: 700 }, colorScheme: scheme })
          const requests: string[] = []
          page.on("request", (request) => requests.push(request.url()))
          await page.goto(`${api.url}${new URL(unsubscribeUrl(subscription)).pathname}`)
          const seen = await page.evaluate(inspect)
          expect(seen.texts.length).toBeGreaterThan(3)
          expect(seen.texts.filter(({ contrast, size }) => contrast < 4.5 || size < 16)).toEqual([])
          expect(seen.scrollWidth).toBeLessThanOrEqual(width)
          expect((await page.getByRole("button").boundingBox())!.height).toBeGreaterThanOrEqual(44)

          await page.keyboard.press("Tab")
          await page.keyboard.press("Enter")
          await page
            .getByRole("button", { name: locale === "en" ? "Subscribe again" : "Inscrever-se novamente" })
            .waitFor()
          expect(await rowsOf(subscription.email)).toMatchObject([{ source: "page" }])
          expect(new Set(requests.map((url) => new URL(url).pathname)).size).toBe(1)
          await page.close()
        })
})
