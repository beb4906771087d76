import { expect, test } from "bun:test"
import { providerOf } from "./provider.ts"

test.each([
  ["https://fcm.googleapis.com", "google"],
  ["https://jmt17.google.com", "google"],
  ["https://updates.push.services.mozilla.com", "mozilla"],
  ["https://web.push.apple.com", "apple"],
  ["https://wns2-par02p.notify.windows.com", "microsoft"],
  ["https://exp.host", "expo"],
  ["https://fcm.googleapis.com.evil.example", "other"],
  ["https://evilgoogleapis.com", "other"],
  ["http://127.0.0.1:4000", "other"],
  ["", "other"],
])("pushes at %s are brought by %s", (service, provider) => {
  expect(providerOf(service)).toBe(provider as never)
})
