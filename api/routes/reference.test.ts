import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { hasChromium, launchChromium } from "../../sandbox/chromium.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"

describe.skipIf(!hasChromium).each(Object.keys(runtimes) as Runtime[])(
  "the reference page on %s",
  (runtime) => {
    let api: Service
    beforeAll(async () => {
      api = await (await startService(runtimes[runtime])).up()
    })
    afterAll(() => api.stop())

    test("shows every job in a browser, asks no other host, and breaks no policy", async () => {
      await using browser = await launchChromium()
      const page = await browser.newPage({
        httpCredentials: { username: "me", password: "est_a_key_for_the_tests" },
      })
      // Beside other tests the page, which is large, takes its time.
      page.setDefaultTimeout(100_000)
      const asked: string[] = []
      const complaints: string[] = []
      page.on("request", (request) => void asked.push(new URL(request.url()).origin))
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
      page.on("pageerror", (error) => void complaints.push(error.message))

      // What there is comes to be in the page as one comes to it, and a link leads to an operation.
      await page.goto(`${api.url}/openapi#/email/enqueue-email`)
      await page.getByText("Send a mail made from a template").waitFor()
      await page.getByRole("button", { name: "Execute" }).waitFor()

      expect(complaints.filter((text) => !/favicon|401/.test(text))).toEqual([])
      expect(asked.filter((origin) => origin !== api.url && origin !== "null")).toEqual([])
    })
  },
)
