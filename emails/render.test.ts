import { describe, expect, test } from "bun:test"
import type { TemplateName } from "../lib/emails/index.ts"
import { locale as locales } from "../lib/locale.ts"
import { examples } from "./examples.ts"
import { templates } from "./index.ts"
import { renderEmail } from "./render.tsx"
import type { Sender } from "./template.ts"

const names = Object.keys(templates) as TemplateName[]
const brand = "ImobiBase"
const appUrl = "https://app.example.com"
const portuguese: Sender = { locale: "pt-BR", brand, appUrl }
const english: Sender = { locale: "en", brand, appUrl }
const script = "<script>alert('x')</script>"

describe.each(names)("%s", (name) => {
  test.each(locales.options)("has a subject, a page and a text in %s", async (locale) => {
    const { subject, html, text } = await renderEmail(name, examples[name], { locale, brand, appUrl })

    expect(subject).not.toBeEmpty()
    expect(html).toStartWith("<!DOCTYPE html")
    expect(html).toContain(`<html dir="ltr" lang="${locale}">`)
    expect(html).toContain(`<title>${subject}</title>`)
    expect(html).not.toMatch(/<(script|img|link)\b/)
    expect(text).toStartWith(`${brand}\n\n`)
    expect(text).toEndWith(`${brand} · ${appUrl}`)
    expect(text).not.toMatch(/<\w|&\w+;|\n{3}/)
  })

  test("says no word of one language in the other", async () => {
    const given = words(JSON.stringify([examples[name], portuguese]))
    const inPortuguese = words((await renderEmail(name, examples[name], portuguese)).text)
    const inEnglish = words((await renderEmail(name, examples[name], english)).text)

    expect(inPortuguese.difference(given).size).toBeGreaterThan(10)
    expect([...inPortuguese.difference(given).intersection(inEnglish)]).toEqual([])
  })

  test("is the same to the byte as the first render of another process, and needs no script", async () => {
    const email = await renderEmail(name, examples[name], portuguese)

    expect(await renderInFreshProcess(name)).toEqual(email)
    expect(email.html).not.toContain("$RC")
  })
})

test.each([
  ["welcome", { userName: script }],
  ["verification", { userName: script, verificationUrl: `https://a.example/"${script}`, expiresInHours: 24 }],
  ["monthly-report", { month: script, userName: script, highlights: [{ label: script, value: script }] }],
] as const)("%s shows hostile props as mere text", async (name, props) => {
  const { html, text } = await renderEmail(name, { highlights: [], ...props }, { ...english, brand: script })

  expect(html).toContain("&lt;script&gt;")
  expect(html).not.toContain("<script")
  expect(html).not.toContain('"<')
  expect(text).toContain(script)
})

test("a subject is one line whatever the caller puts into it", async () => {
  const sender = { ...english, brand: "Imobi\r\nBcc: all@example.com\u0085\u2028 \tBase\n" }
  const { subject } = await renderEmail("welcome", examples.welcome, sender)

  expect(subject).toBe("Welcome! Your Imobi Bcc: all@example.com Base account is ready")
})

test("the text does not repeat the preview of the inbox", async () => {
  const { html, text } = await renderEmail("welcome", examples.welcome, portuguese)

  expect(html.split("sinta-se em casa")).toHaveLength(3)
  expect(text.split("sinta-se em casa")).toHaveLength(2)
})

describe("welcome", () => {
  test("links to the login page", async () => {
    const { text } = await renderEmail("welcome", examples.welcome, portuguese)
    expect(text).toContain("Acessar minha conta https://app.example.com/login\n")
  })

  test("links to the application when there is no login page", async () => {
    const { text } = await renderEmail("welcome", { userName: "Ana" }, portuguese)
    expect(text).toContain(`Acessar minha conta ${appUrl}\n`)
  })

  test("has no button when there is nowhere to go", async () => {
    const { html } = await renderEmail("welcome", { userName: "Ana" }, { locale: "pt-BR", brand })
    expect(html).not.toContain("<a ")
  })
})

describe("verification", () => {
  test("gives the link once in the text and twice on the page", async () => {
    const { html, text } = await renderEmail("verification", examples.verification, portuguese)
    const { verificationUrl } = examples.verification

    expect(text.split(verificationUrl)).toHaveLength(2)
    expect(html).toContain(`>${verificationUrl.replace("&", "&amp;")}</a>`)
  })

  test("shows a code only when there is one", async () => {
    const { code, ...withoutCode } = examples.verification
    const shown = await renderEmail("verification", examples.verification, english)
    const hidden = await renderEmail("verification", withoutCode, english)

    expect(shown.text).toContain(`type this code on the confirmation screen:\n\n${code}\n`)
    expect(hidden.text).not.toContain("code")
  })

  test.each([
    [1, "até 1 hora:", "within 1 hour:"],
    [24, "até 24 horas:", "within 24 hours:"],
    [36, "até 36 horas:", "within 36 hours:"],
    [72, "até 3 dias:", "within 3 days:"],
  ])("says in words when it expires: %d h", async (expiresInHours, inPortuguese, inEnglish) => {
    const props = { ...examples.verification, expiresInHours }

    expect((await renderEmail("verification", props, portuguese)).text).toContain(inPortuguese)
    expect((await renderEmail("verification", props, english)).text).toContain(inEnglish)
  })
})

describe("monthly-report", () => {
  test("lists the figures in columns", async () => {
    const { text } = await renderEmail("monthly-report", examples["monthly-report"], portuguese)
    expect(text).toContain("Novos contratos       12\nReceita de aluguéis   R$ 128.430,00\n")
  })

  test("needs nothing but the month", async () => {
    const { html, text } = await renderEmail(
      "monthly-report",
      { month: "Janeiro", highlights: [] },
      portuguese,
    )

    expect(html).not.toContain("<th")
    expect(text).toContain("Olá! Seu relatório mensal está pronto.\n")
    expect(text).toContain(`Abrir ${brand} ${appUrl}\n`)
  })
})

function words(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}-]{3,}/gu))
}

async function renderInFreshProcess(name: TemplateName) {
  const code = `
    import { renderEmail } from "./render.tsx"
    console.log(JSON.stringify(await renderEmail(...${JSON.stringify([name, examples[name], portuguese])})))`
  const child = Bun.spawn([process.execPath, "-e", code], {
    cwd: import.meta.dir,
    env: { ...process.env, NODE_ENV: "production" },
  })
  return await new Response(child.stdout).json()
}
