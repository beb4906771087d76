import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { boot } from "../../lib/boot.ts"
import { startPostgres } from "../../sandbox/postgres/server.ts"
import { runHere } from "../run-here.ts"

const root = join(import.meta.dir, "../..")
const ARRANGEMENTS = ["cluster", "sentinel"]

/** What a test reaches Redis by: its own connection, or a part of the system as a process. */
const DOORS = [join(root, "lib/queues.ts"), join(root, "sandbox/service.ts")]

/** The project's files that a file imports, once it was read. */
const known = new Map<string, string[]>()

/** The tests that use Redis, over a cluster of three and behind sentinels with a failover in the middle of each file. */
await boot(async () => {
  const words = process.argv.slice(2)
  const asked = ARRANGEMENTS.filter((name) => words.includes(name))
  const named = words.filter((word) => !ARRANGEMENTS.includes(word))
  const files = named.length ? named : await filesOfRedis()
  const folder = await mkdtemp(join(tmpdir(), "esteira-topologies-"))
  const server = await startPostgres({ dataDir: join(folder, "postgres"), durable: false })
  const failed: string[] = []
  for (const arrangement of asked.length ? asked : ARRANGEMENTS) {
    console.log(`\n── ${arrangement}, files: ${files.length}`)
    const env = { TEST_REDIS: arrangement, TEST_DATABASE_SERVER: server.url }
    const passed = await runHere(process.execPath, ["test", "--parallel=2", "--only-failures", ...files], env)
    if (!passed) failed.push(arrangement)
  }
  await server.stop()
  await rm(folder, { recursive: true, force: true })
  console.log(failed.length ? `\nFailed: ${failed.join(", ")}` : "\nAll passed")
  process.exit(failed.length ? 1 : 0)
})

async function filesOfRedis() {
  const found: string[] = []
  for await (const file of new Bun.Glob("{api,db,lib,worker,examples}/**/*.test.ts").scan(root))
    if (await reachesRedis(join(root, file))) found.push(file)
  return found.sort()
}

/** Whether a file imports what reaches Redis, itself or through others. */
async function reachesRedis(file: string): Promise<boolean> {
  const seen = new Set([file])
  for (const next of seen) {
    if (DOORS.includes(next)) return true
    for (const path of await importsOf(next)) seen.add(path)
  }
  return false
}

async function importsOf(file: string): Promise<string[]> {
  const asked = known.get(file)
  if (asked) return asked
  const loader = file.endsWith("x") ? "tsx" : "ts"
  const { imports } = new Bun.Transpiler({ loader }).scan(await readFile(file, "utf8"))
  const ours = imports.map(({ path }) => path).filter((path) => /^\..*\.tsx?$/.test(path))
  const paths = ours.map((path) => join(file, "..", path))
  known.set(file, paths)
  return paths
}
