import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { boot } from "../lib/boot.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { ensureRedis } from "../sandbox/redis/server.ts"
import { asSentence } from "../sandbox/sentence.ts"
import { type Totals, totalsOf } from "./junit.ts"
import { runHere } from "./run-here.ts"

const root = join(import.meta.dir, "..")

/** Test files at a time, as a small machine has processors: what tests have to see within seconds they would miss with more. */
const AT_ONCE = 2

/**
 * How long each test file takes, so that the longest begin first. It need not be exact; to measure anew:
 * `bun test --parallel=2 --timings=bin/timings.json --update-timings`.
 */
const TIMINGS = join(import.meta.dir, "timings.json")

/** Every check there is, with services of its own; the last line counts what passed and what failed. */
await boot(async () => {
  const folder = await mkdtemp(join(tmpdir(), "esteira-check-"))
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 }
  const step = async (name: string, command: string[]) => {
    const passed = await run(name, command)
    totals[passed ? "passed" : "failed"] += 1
  }

  await step("Format and lint", ["biome", "ci", "--error-on-warnings", "."])
  await step("Types", ["tsc"])
  await step("Unused code", ["knip"])
  await tests(folder, totals).finally(() => rm(folder, { recursive: true, force: true }))
  const { passed, failed, skipped } = totals
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`)
  process.exit(failed === 0 ? 0 : 1)
})

async function tests(folder: string, totals: Totals) {
  await ensureRedis().catch(asSentence)
  const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false }).catch(asSentence)
  const report = join(folder, "tests.xml")
  const passed = await run(
    "Tests",
    [
      ...["bun", "test", `--parallel=${AT_ONCE}`, `--timings=${TIMINGS}`, "--only-failures"],
      ...["--reporter=junit", `--reporter-outfile=${report}`],
    ],
    // What other programs call a file, and read its name as, hangs on it: a container has none.
    { TEST_DATABASE_SERVER: server.url, LC_ALL: "C.UTF-8" },
  )
  await server.stop()

  const counted = totalsOf(await readFile(report, "utf8").catch(() => ""))
  totals.passed += counted.passed
  totals.skipped += counted.skipped
  // Something outside the tests can fail as well: a file that does not load, an error after the last test.
  totals.failed += counted.failed || (passed ? 0 : 1)
}

function run(
  name: string,
  [program = "", ...args]: string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  console.log(`\n── ${name}`)
  const command = program === "bun" ? process.execPath : join(root, "node_modules", ".bin", program)
  return runHere(command, args, env)
}
