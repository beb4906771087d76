import { expect, test } from "bun:test"
import type { Ear } from "./hub.ts"
import { streamTo } from "./stream.ts"

/** A stream of so many milliseconds at the most, with the ear that it gave to whom it joined. */
function joined(longest?: number) {
  let ear: Ear | undefined
  let left = 0
  const { body } = streamTo(
    (given) => {
      ear = given
      return () => left++
    },
    undefined,
    longest,
  )
  return { reader: body!.getReader(), ear: ear!, left: () => left }
}

const read = async (reader: ReturnType<typeof joined>["reader"]) => {
  const { done, value } = await reader.read()
  return done ? undefined : new TextDecoder().decode(value)
}

test("a sign of life ends a stream that has lasted as long as it may, and tells that any other is alive", async () => {
  for (const longest of [undefined, 60_000]) {
    const { reader, ear, left } = joined(longest)
    expect(await read(reader)).toBe("retry: 2000\n\n")
    ear.beat()
    expect(await read(reader)).toBe(": beat\n\n")
    expect(left()).toBe(0)
    ear.end()
  }
  const { reader, ear, left } = joined(0)
  expect(await read(reader)).toBe("retry: 2000\n\n")
  ear.beat()
  expect(await read(reader)).toBeUndefined()
  ear.beat()
  expect(left()).toBe(1)
})
