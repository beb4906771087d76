import { afterEach, beforeEach, expect, jest, test } from "bun:test"
import { throttle } from "./throttle.ts"

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test("lets the first through at once, then the latest of each interval", () => {
  const seen: number[] = []
  const { call } = throttle(500, (value: number) => void seen.push(value))
  for (let value = 1; value <= 10; value++) {
    call(value)
    jest.advanceTimersByTime(100)
  }
  expect(seen).toEqual([1, 5, 10])
})

test("flushes what is waiting, once", () => {
  const seen: number[] = []
  const { call, flush } = throttle(500, (value: number) => void seen.push(value))
  call(1)
  call(2)
  flush()
  flush()
  jest.advanceTimersByTime(5_000)
  expect(seen).toEqual([1, 2])
})
