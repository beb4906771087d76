import { expect, test } from "bun:test"
import { join } from "node:path"
import { runtimes } from "../../sandbox/service.ts"

const script = `
import { watchEventLoop } from ${JSON.stringify(join(import.meta.dir, "event-loop.ts"))}
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const lateness = watchEventLoop()
await pause(100)
const start = performance.now()
while (performance.now() - start < 300);
await pause(50)
const held = lateness()
await pause(100)
console.log(JSON.stringify([held, lateness()]))
`

test.each([
  ["Bun", [process.execPath, "-"]],
  ["Deno", [runtimes.deno[0]!, "run", "--allow-read", "--ext=ts", "-"]],
])("sees an event loop that was held up, once, on %s, and ends with its process", async (_, command) => {
  const child = Bun.spawn(command, { stdin: new Blob([script]), stdout: "pipe" })
  const [held, then] = JSON.parse(await new Response(child.stdout).text())
  expect(held.max).toBeWithin(0.25, 3)
  expect(held.p50).toBeLessThan(held.max)
  expect(then.max).toBeLessThan(held.max)
})
