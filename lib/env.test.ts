import { expect, test } from "bun:test"
import { z } from "zod"
import { checkEnvironment, count, defineEnv, flag } from "./env.ts"
import { ConfigurationError } from "./errors.ts"

const read = defineEnv({
  TEST_URL: z.url().describe("somewhere to go"),
  TEST_COUNT: count.default(3),
  TEST_FLAG: flag.default(false),
})

test("reads what is given, in its type, and defaults for the rest", () => {
  expect(read({ TEST_URL: "http://a.example", TEST_FLAG: "yes" })).toEqual({
    TEST_URL: "http://a.example",
    TEST_COUNT: 3,
    TEST_FLAG: true,
  })
})

test("takes a variable set to nothing as one that is not set", () => {
  expect(() => read({ TEST_URL: " " })).toThrow("Cannot start: set TEST_URL (somewhere to go).")
})

test("says in one sentence all that is wrong", () => {
  expect(() => read({ TEST_URL: "nowhere", TEST_COUNT: "0" })).toThrow(
    /^Cannot start: TEST_URL is not right: .+ \(somewhere to go\); TEST_COUNT is not right: .+\.$/,
  )
})

test("gathers what several readers miss, each thing once", () => {
  const other = defineEnv({ TEST_OTHER: z.string() })
  const miss = () =>
    checkEnvironment(
      () => read({}),
      () => other({}),
      () => other({}),
    )
  expect(miss).toThrow(new ConfigurationError("set TEST_URL (somewhere to go)", "set TEST_OTHER"))
})

test("hides no error but those of configuration", () => {
  expect(() =>
    checkEnvironment(() => {
      throw new TypeError("a bug")
    }),
  ).toThrow(TypeError)
})
