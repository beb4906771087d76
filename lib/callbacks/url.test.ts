import { expect, test } from "bun:test"
import { callbackUrl } from "./url.ts"

test("where a run's end is told is kept as all write it who mean the same place", () => {
  expect(callbackUrl.parse("HTTPS://Shop.Example/hooks?a=B")).toBe("https://shop.example/hooks?a=B")
  expect(callbackUrl.parse("https:///shop.example")).toBe("https://shop.example/")
  expect(callbackUrl.parse("https://shop.example/\0a")).toBe("https://shop.example/%00a")
  expect(callbackUrl.safeParse("nowhere").error?.issues).toMatchObject([
    { message: "a whole URL, https://…" },
  ])
})

test("what is too long for where a run's end is told is said to be so", () => {
  const { error } = callbackUrl.safeParse(`https://shop.example/${"x".repeat(2_000)}`)
  expect(error?.issues).toMatchObject([{ message: "2,000 characters at most" }])
})
