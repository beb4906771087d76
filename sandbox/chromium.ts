import { existsSync } from "node:fs"
import { type Browser, chromium } from "playwright-core"

const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** The browser of this machine, undefined where none is installed: tests that need one skip. */
export const chromiumPath: string | undefined = process.env.CHROMIUM || usual.find(existsSync)

if (!chromiumPath) {
  const missing = "Chromium is not installed: install it or name its path in CHROMIUM"
  if (process.env.REQUIRE_ALL) throw new Error(`${missing}; REQUIRE_ALL does not let its tests be skipped`)
  console.log(`${missing}; its tests are skipped`)
}

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
