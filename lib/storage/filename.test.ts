import { expect, test } from "bun:test"
import fc from "fast-check"
import { attachment, safeName } from "./filename.ts"

test.each([
  ["Relatório de julho.pdf", "Relatório de julho.pdf"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["C:\\temp\\a.txt", "C__temp_a.txt"],
  ['a "b" <c>?*|.csv', "a _b_ _c____.csv"],
  ["line\r\nbreak.txt", "linebreak.txt"],
  ["exe.\u202efdp.exe", "exe.fdp.exe"],
  ["...", "file"],
  ["", "file"],
  [" .hidden. ", "hidden"],
  [`${"á".repeat(300)}.pdf`, `${"á".repeat(150)}.pdf`],
  [`${"🏠".repeat(300)}.pdf`, `${"🏠".repeat(150)}.pdf`],
])("a file is saved for %j as %j", (given, name) => {
  expect(safeName(given)).toBe(name)
})

test("any name becomes a safe one, and stays as it is then", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (given) => {
      const name = safeName(given)
      expect(name).toMatch(/^[^\p{C}"*/:<>?\\|]+$/u)
      expect(name).not.toMatch(/^[\s.]|[\s.]$/)
      expect([...name].length).toBeLessThanOrEqual(161)
      expect(safeName(name)).toBe(name)
    }),
    { numRuns: 1_000 },
  )
})

test("a header tells the name to old and new browsers, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (given) => {
      const name = safeName(given)
      const [, ascii, encoded] =
        /^attachment; filename="([^"\\]*)"; filename\*=UTF-8''([\w!#$&+.^`|~%-]+)$/.exec(attachment(name)) ??
        []
      expect(ascii).toMatch(/^[\x20-\x7e]+$/)
      expect(decodeURIComponent(encoded!)).toBe(name)
      expect(new Headers({ "content-disposition": attachment(name) }).get("content-disposition")).toBe(
        attachment(name),
      )
    }),
    { numRuns: 1_000 },
  )
})
