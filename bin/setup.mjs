// Runs a script with the pinned Bun, which is installed first, with all the rest, where that is not done:
//   node bin/setup.mjs bin/start.ts [args]
// Plain JavaScript for Node 18 and for Bun: it runs before there is anything else.

import { minimum, ownBun, pinnedBun } from "./setup/bun.mjs"
import { endAs, interruption, run } from "./setup/child.mjs"
import { ensureInstalled } from "./setup/install.mjs"

main(...process.argv.slice(2)).catch((error) => {
  if (interruption()) return endAs({ signal: interruption() })
  console.error(error.message)
  process.exit(1)
})

async function main(script, ...args) {
  if (process.env.NODE_ENV !== "production") await ensureInstalled()
  const bun = pinnedBun() ?? ownBun()
  if (!bun) throw new Error(`Bun ${minimum} or later is needed: install it (https://bun.com).`)
  if (script) endAs(await run(bun, [script, ...args], "inherit"))
}
