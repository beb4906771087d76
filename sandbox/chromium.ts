import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"
import { required } from "./required.ts"

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

const chromiumPath: string | undefined = process.env.CHROMIUM || usual.find(existsSync)

/** Whether there is one; says so when there is none. */
export const hasChromium = required("Chromium", chromiumPath)

/** A headless browser that calls nobody on its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath && { executablePath: chromiumPath }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
}
