import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { exampleOf } from "../lib/emails/example.ts"
import { templateNames, templateProps } from "../lib/emails/index.ts"
import { locale as locales } from "../lib/locale.ts"
import { hasChromium, launchChromium } from "../sandbox/chromium.ts"
import { inspect } from "../sandbox/inspect.ts"
import { replaceTexts } from "../sandbox/replace-texts.ts"
import { renderEmail } from "./render.tsx"

const endless = "W".repeat(300)
const endlessUrl = `https://app.example.com/${endless}`

/** The longest words that there can be in place of a text. */
const endlessly = (text: string) =>
  /^https?:/.test(text)
    ? [endlessUrl]
    : [
        ...[300, 200, 80, 60, 40, 12].map((length) => "W".repeat(length)),
        `${"w".repeat(64)}@${"w".repeat(60)}.example`,
      ]

describe.skipIf(!hasChromium)("in a browser", () => {
  let browser: Browser
  let page: Page
  let requests: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
    page = await browser.newPage()
    page.on("request", (request) => requests.push(request.url()))
  })
  afterAll(() => browser.close())

  async function look(html: string, width: number, colorScheme: "light" | "dark") {
    requests = []
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await page.setContent(html)
    return await page.evaluate(inspect)
  }

  describe.each(templateNames)("%s", (name) => {
    for (const width of [375, 1200])
      for (const scheme of ["light", "dark"] as const)
        for (const locale of locales.options)
          test(`can be read and tapped at ${width} px, ${scheme}, in ${locale}`, async () => {
            const sender = { locale, brand: "ImobiBase", appUrl: "https://app.example.com" }
            const { html } = await renderEmail(name, exampleOf(templateProps[name], locale), sender)
            const seen = await look(html, width, scheme)

            expect(seen.pageLuminance < 0.1).toBe(scheme === "dark")
            expect(seen.texts.length).toBeGreaterThan(5)
            expect(seen.texts.filter(({ contrast }) => contrast < 4.5)).toEqual([])
            expect(seen.texts.filter(({ size, small }) => size < (small ? 14 : 16))).toEqual([])
            expect(seen.action.height).toBeGreaterThanOrEqual(44)
            expect(requests).toEqual([])
            expectToFit(seen, width)
          })

    test("keeps endless words inside the screen, with and without its style sheet", async () => {
      const props = replaceTexts(templateProps[name], exampleOf(templateProps[name]), endlessly)
      expect(JSON.stringify(props)).toContain("W".repeat(200))
      const sender = { locale: "en", brand: endless, appUrl: endlessUrl } as const
      const { html } = await renderEmail(name, props, sender)
      const bare = html.replace(/<style>.*?<\/style>/s, "")
      expect(bare).not.toBe(html)

      for (const width of [320, 375, 1200]) {
        expectToFit(await look(html, width, "light"), width)
        expectToFit(await look(bare, width, "light"), width)
      }
    })
  })

  test("a PIX code is copied as it is", async () => {
    const { html } = await renderEmail("invoice", exampleOf(templateProps.invoice), {
      locale: "pt-BR",
      brand: "ImobiBase",
    })
    await look(html, 375, "light")
    await page.locator("pre").click()
    const copied = await page.evaluate(() => String(getSelection()))
    expect(copied).toBe(exampleOf(templateProps.invoice).pixCode!)
  })

  test("an endless word would be noticed", async () => {
    const { scrollWidth } = await look(`<p>${endless}</p><a class="action">x</a>`, 375, "light")
    expect(scrollWidth).toBeGreaterThan(375)
  })
})

function expectToFit(seen: ReturnType<typeof inspect>, width: number) {
  expect(seen.scrollWidth).toBeLessThanOrEqual(width)
  expect(seen.texts.filter(({ left, right }) => left < 0 || right > width)).toEqual([])
  expect(seen.action.width).toBeLessThanOrEqual(width - 32)
}
