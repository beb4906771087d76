import { expect, test } from "bun:test"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { runtimes } from "../../sandbox/service.ts"

/** What is asked of it, in plain JavaScript; what it prints last is what it found. */
const errand = `
  import { checkAside, hashAside } from ${JSON.stringify(pathToFileURL(join(import.meta.dir, "thread.ts")).href)}
  const found = {}
  let turns = 0
  let isOver = false
  const turn = () => { turns++; if (!isOver) setTimeout(turn) }
  turn()
  const hash = await hashAside("correct horse battery")
  // An event loop that does the work itself comes to a few turns meanwhile.
  found.goesOn = turns > 20
  found.form = hash.split("$").slice(1, 4).join()
  found.checked = await Promise.all([["correct horse battery", hash], ["wrong", hash], ["wrong", undefined]].map(([password, hash]) => checkAside(password, hash)))
  found.failed = await checkAside("wrong", "$argon2id$nonsense").catch((error) => error.message.split(":")[0])
  found.again = await checkAside("correct horse battery", hash)
  isOver = true
  console.log(JSON.stringify(found))
`

test.each([
  ["bun", [process.execPath, "-e", errand]],
  ["deno", [runtimes.deno[0], "eval", errand]],
])(
  "hashes and checks beside the event loop, which goes on, and ends with its process: on %s",
  async (_, command) => {
    const child = Bun.spawn(command, {
      cwd: join(import.meta.dir, "../.."),
      env: { ...process.env, NO_COLOR: "1" },
      stdout: "pipe",
      stderr: "inherit",
    })
    const said = await new Response(child.stdout).text()
    expect(await child.exited).toBe(0)
    expect(JSON.parse(said.trim().split("\n").at(-1)!)).toEqual({
      form: "argon2id,v=19,m=19456,t=2,p=1",
      checked: [true, false, false],
      goesOn: true,
      failed: "A password cannot be hashed",
      again: true,
    })
  },
)
