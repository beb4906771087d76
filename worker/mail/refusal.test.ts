import { expect, test } from "bun:test"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import { failureOf, refusalOf } from "./refusal.ts"

const failure = (statusCode: number, headers: Record<string, string> | null = null, name = "of_a_kind") =>
  failureOf(refusalOf({ name, message: "no", statusCode }, headers))

const inAMinute = () => new Date(Date.now() + 60_000).toUTCString()

test.each<[status: number, retryAfter: string, least: number, most: number]>([
  [429, "7", 7_000, 7_000],
  [503, "0.5", 500, 500],
  [429, inAMinute(), 50_000, 60_000],
  [503, inAMinute(), 50_000, 60_000],
  [429, "soon", 1_000, 1_000],
  [429, "Mon, 01 Jan 2024 00:00:00 GMT", 1_000, 1_000],
  [429, "-5", 1_000, 1_000],
])("%d with Retry-After %s is waited for", (status, asked, least, most) => {
  const later = failure(status, { "retry-after": asked })
  expect(later).toBeInstanceOf(RetryLater)
  expect((later as RetryLater).delay).toBeWithin(least, most + 1)
})

test("what does not say for how long is tried again, waited for, or given up, as its kind has it", () => {
  for (const headers of [null, {}, { "retry-after": "soon" }]) {
    const failed = failure(500, headers)
    expect([failed instanceof RetryLater, failed instanceof PermanentError]).toEqual([false, false])
  }
  expect(failure(429, null, "daily_quota_exceeded")).toMatchObject({ delay: 3_600_000 })
  expect(failure(403)).toMatchObject({ delay: 60_000 })
  expect(failure(422)).toBeInstanceOf(PermanentError)
})
