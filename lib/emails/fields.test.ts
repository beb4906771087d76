import { describe, expect, test } from "bun:test"
import { link } from "./fields.ts"

describe("a link", () => {
  test.each(["https://app.example.com/a?b=c#d", "http://localhost:3000", "/", "/reset?token=a%2Fb"])(
    "is taken: %s",
    (url) => expect(link.parse(url)).toBe(url),
  )

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://example.com",
    "mailto:ana@example.com",
    "//evil.example",
    "https:evil.example",
    "login",
    "/a b",
    "/a\nb",
    "",
  ])("is refused: %j", (url) => expect(link.safeParse(url).success).toBe(false))
})
