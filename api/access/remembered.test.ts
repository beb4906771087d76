import { afterEach, expect, mock, spyOn, test } from "bun:test"
import { remembered } from "./remembered.ts"

afterEach(() => mock.restore())

const away = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })

test("asks each time, and lives on what it was told for five minutes while PostgreSQL is away", async () => {
  let answer: () => Promise<string | undefined> = async () => "first"
  const ask = remembered(() => answer(), "PostgreSQL is away")
  expect(await ask(1)).toBe("first")
  answer = async () => undefined
  expect(await ask(1)).toBeUndefined()
  answer = async () => "second"
  expect(await ask(1)).toBe("second")

  answer = () => Promise.reject(away())
  expect(await ask(1)).toBe("second")
  await expect(ask(2)).rejects.toMatchObject({ status: 503, message: "PostgreSQL is away" })
  const later = performance.now() + 5 * 60_000 + 1
  spyOn(performance, "now").mockImplementation(() => later)
  await expect(ask(1)).rejects.toMatchObject({ status: 503 })
})

test("hides no other error", async () => {
  let isBroken = false
  const ask = remembered(async () => {
    if (isBroken) throw new TypeError("a bug")
    return "fine"
  }, "away")
  await ask(1)
  isBroken = true
  await expect(ask(1)).rejects.toThrow("a bug")
})
