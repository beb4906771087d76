import { expect, test } from "bun:test"
import { retryAfterOf } from "./retry-after.ts"

const now = Date.parse("2026-03-11T12:00:00Z")

test.each([
  ["120", 120_000],
  ["0.5", 500],
  ["Wed, 11 Mar 2026 12:01:00 GMT", 60_000],
  ["Wed, 11 Mar 2026 11:59:00 GMT", 0],
  ["-5", 0],
  ["soon", 0],
  ["Infinity", 0],
  ["", 0],
  [null, 0],
  [undefined, 0],
])("%p asks for %p ms", (header, wait) => expect(retryAfterOf(header, now)).toBe(wait))
