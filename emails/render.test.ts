import { beforeAll, describe, expect, test } from "bun:test"
import type { z } from "zod"
import { exampleOf } from "../lib/emails/example.ts"
import { type TemplateName, templateNames, templateProps } from "../lib/emails/index.ts"
import { locale as locales } from "../lib/locale.ts"
import { replaceTexts } from "../sandbox/replace-texts.ts"
import { type RenderedEmail, renderEmail } from "./render.tsx"
import { brand, english, portuguese } from "./testing.ts"

const script = "<script>alert('x')</script>"

/** The first mails that another process writes. */
let elsewhere: Record<TemplateName, RenderedEmail>
beforeAll(async () => {
  elsewhere = await renderInFreshProcess()
})

describe.each(templateNames)("%s", (name) => {
  const props = templateProps[name]
  const example = exampleOf(props)

  test.each(locales.options)("has a subject, a page and a text in %s", async (locale) => {
    const sender = { ...portuguese, locale }
    const { subject, html, text } = await renderEmail(name, exampleOf(props, locale), sender)

    expect(subject).not.toBeEmpty()
    expect(html).toStartWith("<!DOCTYPE html")
    expect(html).toContain(`<html dir="ltr" lang="${locale}">`)
    expect(html).toContain(`<title>${subject}</title>`)
    expect(html).not.toMatch(/<(script|img|link)\b/)
    expect(text).toStartWith(`${brand}\n\n`)
    expect(text).toEndWith(`${brand} · ${portuguese.appUrl}`)
    expect(text).not.toMatch(/<\w|&\w+;|\n{3}/)
  })

  test("says no word of one language in the other", async () => {
    const given = words(JSON.stringify([example, portuguese]))
    const inPortuguese = words((await renderEmail(name, example, portuguese)).text)
    const inEnglish = words((await renderEmail(name, example, english)).text)

    expect(inPortuguese.difference(given).size).toBeGreaterThan(10)
    expect([...inPortuguese.difference(given).intersection(inEnglish)]).toEqual([])
  })

  test("is the same to the byte in another process, and needs no script", async () => {
    const email = await renderEmail(name, example, portuguese)
    expect(elsewhere[name]).toEqual(email)
    expect(email.html).not.toContain("$RC")
  })

  test("shows hostile props as mere text", async () => {
    const hostile = replaceTexts(props, example, (text) =>
      /^https?:/.test(text) ? [`https://a.example/"${script}`] : [script],
    )
    const { html, text } = await renderEmail(name, hostile, { ...english, brand: script })

    expect(html).toContain("&lt;script&gt;")
    expect(html).not.toContain("<script")
    expect(html).not.toContain('"<')
    expect(text).toContain(script)
  })

  test.each(locales.options)("has an example of all that it takes, in %s", (locale) => {
    expect(Object.keys(exampleOf(props, locale)).sort()).toEqual(Object.keys(props.shape).sort())
  })

  test("has an example in English that says nothing in Portuguese", async () => {
    const { text } = await renderEmail(name, exampleOf(props, "en"), english)
    expect(text).not.toMatch(/aluguel|aluguéis|desconto|janeiro|contratos|pagamentos|boa tarde|quartos/i)
  })

  test.each(locales.options)("says something with each of them, in %s", async (locale) => {
    const mailOf = (given: object) => renderEmail(name, props.parse(given) as never, { locale, brand })
    for (const key of optionalKeys(name)) {
      // What a PIX code is for cannot be left out without it.
      const [whole, without] = [example, omit(example, "pixCode")]
        .map((given) => [given, omit(given, key)] as const)
        .find(([, without]) => props.safeParse(without).success)!
      const isSame = Bun.deepEquals(await mailOf(whole), await mailOf(without))
      expect([key, isSame]).toEqual([key, Bun.deepEquals(props.parse(whole), props.parse(without))])
    }
  })

  test.each(locales.options)("has no hole where nothing is given, in %s", async (locale) => {
    const least = props.parse(omit(example, ...optionalKeys(name)))
    const { subject, html, text } = await renderEmail(name, least, { locale, brand })
    expect(`${subject}${html}${text}`).not.toMatch(/undefined|null|NaN|Invalid|\[object/)
  })

  test("leads into the application by paths", async () => {
    const paths = replaceTexts(props, example, (text) => (/^https?:/.test(text) ? ["/a?b=c"] : []))
    if (Bun.deepEquals(paths, example)) return
    const sender = { ...english, appUrl: "https://app.example.com/imobi/" }
    const { html } = await renderEmail(name, paths, sender)
    expect(html).toContain('href="https://app.example.com/imobi/a?b=c"')
    await expect(renderEmail(name, paths, { locale: "en", brand })).rejects.toThrow("APP_URL is not set")
  })
})

test("a subject is one line whatever the caller puts into it", async () => {
  const sender = { ...english, brand: "Imobi\r\nBcc: all@example.com\u0085\u2028 \tBase\n" }
  const { subject } = await renderEmail("welcome", exampleOf(templateProps.welcome), sender)

  expect(subject).toBe("Welcome! Your Imobi Bcc: all@example.com Base account is ready")
})

test("the text does not repeat the preview of the inbox", async () => {
  const { html, text } = await renderEmail("welcome", exampleOf(templateProps.welcome), portuguese)

  expect(html.split("sinta-se em casa")).toHaveLength(3)
  expect(text.split("sinta-se em casa")).toHaveLength(2)
})

/** What may be left out of a template's props. */
function optionalKeys(name: TemplateName) {
  const shape: Record<string, z.ZodType> = templateProps[name].shape
  return Object.keys(shape).filter((key) => shape[key]?.safeParse(undefined).success)
}

const omit = (value: object, ...keys: string[]) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

/** The words of a text, but for those in quotation marks: names are the same in every language. */
function words(text: string): Set<string> {
  return new Set(
    text
      .replace(/“[^”]*”/g, "")
      .toLowerCase()
      .match(/[\p{L}-]{3,}/gu),
  )
}

async function renderInFreshProcess() {
  const code = `
    import { exampleOf } from "../lib/emails/example.ts"
    import { templateNames, templateProps } from "../lib/emails/index.ts"
    import { renderEmail } from "./render.tsx"
    const written = templateNames.map(async (name) =>
      [name, await renderEmail(name, exampleOf(templateProps[name]), ${JSON.stringify(portuguese)})])
    console.log(JSON.stringify(Object.fromEntries(await Promise.all(written))))`
  const child = Bun.spawn([process.execPath, "-e", code], {
    cwd: import.meta.dir,
    env: { ...process.env, NODE_ENV: "production" },
  })
  return await new Response(child.stdout).json()
}
