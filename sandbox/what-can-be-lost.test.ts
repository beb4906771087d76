import { expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"

const root = join(import.meta.dir, "..")
const read = (file: string) => readFile(join(root, file), "utf8")

test("what can be lost is shown, row by row, by tests that there are", async () => {
  const page = await read("docs/what-can-be-lost.md")
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "))
    .filter(([part]) => part !== "part")
  expect(rows.length).toBeGreaterThan(25)
  for (const cells of rows) {
    const [, file = "", name = ""] = /^`([\w./-]+)`: (.+)$/.exec(cells[3] ?? "") ?? []
    expect([cells.length, cells[3], name === ""]).toEqual([4, cells[3], false])
    const text = await read(file)
    // The name of a test, or its beginning where a runtime or a seed follows.
    const isThere = [`"${name}"`, `"${name}, on %s"`, `"${name} (seed %d)"`].some((quoted) =>
      text.includes(quoted),
    )
    expect([file, name, isThere]).toEqual([file, name, true])
  }
})

test("the README leads there", async () => {
  expect(await read("README.md")).toContain("(docs/what-can-be-lost.md)")
})
