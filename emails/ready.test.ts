import { describe, expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { templateProps } from "../lib/emails/index.ts"
import { renderEmail } from "./render.tsx"
import { english, portuguese } from "./testing.ts"

describe("a report", () => {
  const example = exampleOf(templateProps["report-ready"])
  const plain = (text: string) => text.replaceAll("\u00a0", " ")

  test.each([
    ["daily", "Seu relatório diário está pronto", "Your daily report is ready"],
    ["weekly", "Seu relatório semanal está pronto", "Your weekly report is ready"],
    ["monthly", "Seu relatório mensal está pronto", "Your monthly report is ready"],
    ["yearly", "Seu relatório anual está pronto", "Your yearly report is ready"],
    ["custom", "Seu relatório está pronto", "Your report is ready"],
  ] as const)("is called what it is: %s", async (type, inPortuguese, inEnglish) => {
    const props = { ...example, type }
    expect((await renderEmail("report-ready", props, portuguese)).subject).toStartWith(`${inPortuguese}: `)
    expect((await renderEmail("report-ready", props, english)).subject).toStartWith(`${inEnglish}: `)
  })

  test("tells its period and its file", async () => {
    const { text } = await renderEmail("report-ready", example, portuguese)
    expect(plain(text)).toContain("O relatório mensal de 1 a 31 de janeiro de 2026 já pode ser baixado.")
    expect(plain(text)).toContain(
      "Arquivo: PDF, 1,4 MB. O link vale até 8 de fevereiro de 2026 às 08:00 BRT.",
    )
  })

  test("ends no earlier than it starts", () => {
    const reversed = { ...example, startDate: "2026-02-01" }
    expect(templateProps["report-ready"].safeParse(reversed).error?.issues).toMatchObject([
      { path: ["endDate"] },
    ])
  })
})

test("an export tells until when it is there, by the clock of the agency", async () => {
  const example = exampleOf(templateProps["export-ready"])
  const { text } = await renderEmail("export-ready", { ...example, timeZone: "Asia/Tokyo" }, english)
  expect(text).toMatch(/Available until +February 18, 2026 at 2:45 AM GMT\+9\n/)
  expect(templateProps["export-ready"].safeParse({ ...example, timeZone: "Mars/Olympus" }).success).toBe(
    false,
  )
})
