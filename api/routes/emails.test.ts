import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { renderEmail } from "../../emails/render.tsx"
import { exampleOf } from "../../lib/emails/example.ts"
import { templateNames, templateProps } from "../../lib/emails/index.ts"
import { EXAMPLE_URL } from "../../lib/emails/subscription.ts"
import { locale as locales } from "../../lib/locale.ts"
import { hasChromium, launchChromium } from "../../sandbox/chromium.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

const KEY = "est_a_key_for_the_tests"

describe.each(Object.keys(runtimes) as Runtime[])("a preview, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterAll(() => api.stop())

  const ask = (path: string, authorization = `Bearer ${KEY}`) =>
    fetch(`${api.url}/api/admin/emails/${path}`, { headers: { authorization } })
  const answer = async (response: Response) => [response.status, await response.json()]

  test.each(templateNames)("is the mail that would be sent: %s", async (name) => {
    for (const locale of locales.options) {
      const unsubscribeUrl = name === "newsletter" ? EXAMPLE_URL : undefined
      const sender = { locale, brand: "Araucária", appUrl: "https://app.araucaria.example", unsubscribeUrl }
      const { html, text } = await renderEmail(name, exampleOf(templateProps[name], locale), sender)
      expect(await (await ask(`${name}/preview?locale=${locale}`)).text()).toBe(html)
      expect(await (await ask(`${name}/preview?locale=${locale}&part=text`)).text()).toBe(text)
    }
  })

  test("is there for every template that the list of them has", async () => {
    const response = await fetch(`${api.url}/api/admin/emails`, {
      headers: { authorization: `Bearer ${KEY}` },
    })
    const { templates } = (await response.json()) as {
      templates: { name: string; kind: string; previewUrl: string }[]
    }
    expect(templates.map(({ name }) => name)).toEqual([...templateNames])
    expect(templates.filter(({ kind }) => kind === "list").map(({ name }) => name)).toEqual(["newsletter"])
    for (const { previewUrl } of templates)
      expect((await ask(previewUrl.replace("/api/admin/emails/", ""))).status).toBe(200)
  })

  test("is a page in Portuguese, unless asked otherwise, and may have styles but no script", async () => {
    const response = await ask("welcome/preview")
    expect(response.status).toBe(200)
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8")
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(await response.text()).toContain('lang="pt-BR"')
    const { headers } = await ask("welcome/preview?part=text")
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8")
  })

  test("lists the templates when there is none of that name", async () => {
    for (const name of ["welcom", "toString", "__proto__", "a%2Fb", "x".repeat(5_000)]) {
      expect(await answer(await ask(`${name}/preview`))).toEqual([
        404,
        {
          error: expect.stringMatching(
            /^No template ".{1,100}": the templates are contract-expiring, .*, welcome$/,
          ),
        },
      ])
    }
  })

  test("says which languages and parts there are", async () => {
    for (const query of ["locale=fr", "part=pdf", "lang=en"]) {
      const response = await ask(`welcome/preview?${query}`)
      expect([query, response.status]).toEqual([query, 400])
      expect(response.headers.get("content-type")).toStartWith("application/json")
    }
    expect(await answer(await ask("welcome/preview?locale=fr"))).toMatchObject([
      400,
      { details: [{ path: "locale", message: expect.stringContaining('"en"') }] },
    ])
  })

  test("is shown to whoever has the key, in a browser as a password", async () => {
    expect((await ask("welcome/preview", `Basic ${btoa(`me:${KEY}`)}`)).status).toBe(200)
    for (const wrong of [`Bearer ${KEY}x`, `Basic ${btoa("me:wrong")}`]) {
      const refused = await ask("welcome/preview", wrong)
      expect(await answer(refused)).toEqual([401, { error: "Unauthorized" }])
      expect(refused.headers.get("www-authenticate")).toStartWith("Basic ")
    }
  })

  test.skipIf(!hasChromium)(
    "shows in a browser with its styles, asks for nothing else and breaks no policy",
    async () => {
      await using browser = await launchChromium()
      const page = await browser.newPage({ httpCredentials: { username: "me", password: KEY } })
      const asked: string[] = []
      const complaints: string[] = []
      page.on("request", (request) => void asked.push(request.url()))
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
      const url = `${api.url}/api/admin/emails/payment-overdue/preview?locale=en`
      await page.goto(url)

      const colour = await page
        .locator(".action")
        .evaluate((button) => getComputedStyle(button).backgroundColor)
      expect(colour).toBe("rgb(15, 92, 79)")
      expect(complaints.filter((text) => !/favicon|401/.test(text))).toEqual([])
      expect(asked.filter((address) => address !== url && !address.endsWith("/favicon.ico"))).toEqual([])
    },
  )

  test("says what to set where mail is not configured", async () => {
    const other = await (await startService(runtimes[runtime], { FROM_EMAIL: undefined })).up()
    const response = await fetch(`${other.url}/api/admin/emails/welcome/preview`, {
      headers: { authorization: `Bearer ${KEY}` },
    })
    expect(await answer(response)).toEqual([
      503,
      { error: expect.stringMatching(/^Not configured: set FROM_EMAIL \(mail: the sender/) },
    ])
    await other.stop()
  })
})
