import { expect, test } from "bun:test"
import { join } from "node:path"

const said = `
  import { writeLine } from ${JSON.stringify(join(import.meta.dir, "lines.ts"))}
  for (const n of [1, 2, 3]) writeLine("line " + n, "info")
  writeLine("grave", "error")
  writeLine("line 4", "info")
  writeLine("line 5", "info")
`

/** What a program wrote, both streams in one, and how it ended. */
async function run(program: string) {
  const child = Bun.spawn(["sh", "-c", `exec ${process.execPath} run - 2>&1`], {
    stdin: new Blob([program]),
    stdout: "pipe",
  })
  return { text: await new Response(child.stdout).text(), code: await child.exited }
}

test.each([
  ["ends by itself", "", 0],
  ["exits", "process.exit(3)", 3],
  ["is brought down by an error", "queueMicrotask(() => process.exit(1))", 1],
])("every line is written, in its order, when the process %s", async (_, end, code) => {
  const ended = await run(`${said}\n${end}`)
  expect(ended.text.trim().split("\n")).toEqual(["line 1", "line 2", "line 3", "grave", "line 4", "line 5"])
  expect(ended.code).toBe(code)
})

test("nothing is done until there is a line to write", async () => {
  const imported = `
    const { writeLine } = await import(${JSON.stringify(join(import.meta.dir, "lines.ts"))})
    const listeners = () => process.listenerCount("exit")
    const before = listeners()
    for (const n of [1, 2]) writeLine("line " + n, "info")
    console.info(before, listeners())`
  expect((await run(imported)).text).toBe("line 1\n0 1\nline 2\n")
})

test("the first line stands there at once, though the process then does nothing else", async () => {
  const program = `${said.split("\n").slice(0, 2).join("\n")}\nwriteLine("first", "info")\nfor (;;);`
  const child = Bun.spawn([process.execPath, "run", "-"], { stdin: new Blob([program]), stdout: "pipe" })
  const { value } = await child.stdout.getReader().read()
  child.kill("SIGKILL")
  await child.exited
  expect(new TextDecoder().decode(value)).toBe("first\n")
})
