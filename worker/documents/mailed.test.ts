import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { hasChromium, launchChromium } from "../../sandbox/chromium.ts"
import { runtimes, type Service, startService } from "../../sandbox/service.ts"
import { world } from "../../sandbox/testing.ts"
import { exported } from "../exports/testing.ts"
import { monthly, seedAgency, stored } from "../reports/testing.ts"
import { perform, tick } from "../testing.ts"

describe.skipIf(!hasChromium)("the mail that says where a file is, in a browser", () => {
  let leave: () => Promise<void>
  let api: Service
  let browser: Browser

  beforeAll(async () => {
    leave = await moveToOwnDatabase()
    await seedAgency()
    await queueOf(email).obliterate({ force: true })
    api = await (await startService(runtimes.bun)).up()
    process.env.API_URL = api.url
    browser = await launchChromium()
  })
  afterAll(async () => {
    delete process.env.API_URL
    await browser?.close()
    await api?.stop()
    await leave()
  })

  /** Open the mail to somebody, and have what its only button leads to. */
  async function downloadedBy(to: string) {
    const { html } = world.resend.messages.findLast((message) => message.to.includes(to))!
    const page = await browser.newPage()
    const refused: string[] = []
    page.on("response", (response) => response.status() >= 400 && refused.push(response.url()))
    await page.setContent(html!)
    const began = page.waitForEvent("download")
    await page.locator("a.action").click()
    const download = await began
    const bytes = await Bun.file(await download.path()).bytes()
    expect(refused).toEqual([])
    await page.close()
    return { name: download.suggestedFilename(), bytes: Buffer.from(bytes) }
  }

  test.each([
    ["pdf", "Imobiliária Araucária - Relatório mensal 2026-02-01 a 2026-02-28.pdf"],
    ["xlsx", "Imobiliária Araucária - Relatório mensal 2026-02-01 a 2026-02-28.xlsx"],
  ] as const)("of a report leads to the %s, under a name that says what it is", async (format, name) => {
    const to = `${format}@example.com`
    const { storageKey } = await perform("report", monthly({ format, email: to }))
    await tick()
    const downloaded = await downloadedBy(to)
    expect(downloaded.name).toBe(name)
    expect(downloaded.bytes.equals((await stored(storageKey!))!)).toBe(true)
  })

  test("of what is kept of a person leads to their archive, and is counted, until it has expired", async () => {
    const [renter] = await pool()<[{ id: number; email: string }]>`
      update renters set email_verified_at = now() where id = (select min(id) from renters where email is not null)
      returning id, email
    `
    const { row, file } = await exported({
      subjectType: "renter",
      subjectId: renter.id,
      format: "zip",
      email: renter.email,
    })
    await tick()
    const downloaded = await downloadedBy(renter.email)
    expect(downloaded.name).toBe("meus-dados.zip")
    expect(downloaded.bytes.equals(file)).toBe(true)
    const counted = await pool()`select downloads from exports where id = ${row.id}`
    expect(counted[0]!.downloads).toBe(1)
    const accesses = await pool()`
      select user_agent from access_logs where export_id = ${row.id} and action = 'export.downloaded'
    `
    expect(accesses.map(({ userAgent }) => userAgent)).toEqual([expect.stringContaining("Chrome")])

    await pool()`update exports set expires_at = now() where id = ${row.id}`
    await perform("export", { kind: "care" })
    expect(await exportStorage().head(row.fileKey)).toBeUndefined()
    const page = await browser.newPage()
    const { html } = world.resend.messages.findLast(({ to }) => to.includes(renter.email))!
    await page.setContent(html!)
    const opened = page.waitForEvent("popup")
    await page.locator("a.action").click()
    const said = (await opened).getByRole("heading", { name: "This file is no longer available" })
    await said.waitFor()
  })
})
