import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { generateIdentity, identityToRecipient } from "age-encryption"
import postgres from "postgres"
import { installedTools } from "../sandbox/postgres/installed.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { fill } from "./backup-data.ts"
import { child } from "./children.ts"
import { interleaved, numbers, quantile, verdict } from "./measure.ts"
import type { Took } from "./our-backup.ts"
import { startRig } from "./rig.ts"

// A full backup, compressed by zstd 3 and encrypted, to a folder, against pg_dump of the same data on a server of its version; its
// restore against pg_restore; what a backup does to those who use the database meanwhile. Without pg_dump: against a COPY to files.
const { megabytes, rounds } = numbers({ megabytes: 1_000, rounds: 3 })

const rig = await startRig()
const folder = await mkdtemp(join(tmpdir(), "esteira-backup-"))
const tools = installedTools()
const server = await startPostgres({ dataDir: join(folder, "data"), durable: false, programs: tools?.server })
const at = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href

const admin = postgres(server.url, { max: 1, onnotice: () => undefined })
for (const name of ["source", "ours", "theirs"])
  await admin.unsafe(`create database ${name} template template0`)
const sql = postgres(at("source"), { max: 1, onnotice: () => undefined })
await fill(sql, megabytes)

const identity = await generateIdentity()
const env = {
  ...rig.env,
  LOG_LEVEL: "silent",
  DIRECT_URL: at("source"),
  STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
  BACKUP_RECIPIENTS: await identityToRecipient(identity),
  BACKUP_IDENTITY: identity,
}

const taken: Took[] = []
async function backUp() {
  const process = child<Took>("our-backup.ts", env, ["backup"])
  const took = await process.next()
  await process.over()
  taken.push(took)
  return took.seconds
}
async function restore() {
  const process = child<Took>("our-backup.ts", env, ["restore", taken.at(-1)!.id, at("ours")])
  const took = await process.next()
  await process.over()
  restored.push(took)
  return took.seconds
}
const restored: Took[] = []

async function seconds(command: string) {
  const began = performance.now()
  const shell = Bun.spawn(["bash", "-c", `set -eo pipefail; ${command}`], {
    stderr: "inherit",
    stdout: "ignore",
  })
  if ((await shell.exited) !== 0) throw new Error(`${command} has failed`)
  return (performance.now() - began) / 1_000
}

const say = (name: string, values: number[]) =>
  console.log(
    `${name.padEnd(34)} ${quantile(values).toFixed(2).padStart(7)} s   (${values.map((value) => value.toFixed(2)).join(" ")})`,
  )
const file = (name: string) => join(folder, name)

if (tools) {
  const { pgDump, pgRestore } = tools
  const { custom, piped, ours } = await interleaved(rounds, {
    custom: () => seconds(`${pgDump} -Fc -f ${file("custom")} '${at("source")}'`),
    piped: () => seconds(`${pgDump} -Fc -Z0 '${at("source")}' | zstd -q -3 -f -o ${file("piped")}`),
    ours: backUp,
  })
  say("pg_dump -Fc", custom)
  say("pg_dump -Fc -Z0 | zstd -3", piped)
  say("ours, encrypted", ours)
  verdict("ours / pg_dump | zstd", quantile(ours) / quantile(piped), "<=", 1.3)
  verdict("ours / pg_dump -Fc", quantile(ours) / quantile(custom), "<=", 0.5)
  const { theirs, mine } = await interleaved(Math.max(1, Math.floor(rounds / 2)), {
    theirs: () => seconds(`${pgRestore} --clean --if-exists -j2 -d '${at("theirs")}' ${file("custom")}`),
    mine: restore,
  })
  say("pg_restore -j2", theirs)
  say("ours, restored", mine)
  console.log(`restore: ours / pg_restore -j2 ${(quantile(mine) / quantile(theirs)).toFixed(2)}`)
  const sizes = await Promise.all(["custom", "piped"].map(async (name) => (await stat(file(name))).size))
  console.log(
    `MB: pg_dump -Fc ${mb(sizes[0]!)}, pg_dump | zstd ${mb(sizes[1]!)}, ours ${mb(taken.at(-1)!.bytes)}`,
  )
} else {
  const copy = ["kinds", "events", "orders"].map((name) => copyOf(name)).join("; ")
  const { floor, ours } = await interleaved(rounds, { floor: () => serverCopy(copy), ours: backUp })
  say("COPY to files by the server", floor)
  say("ours, encrypted", ours)
  console.log(`ours / COPY to files ${(quantile(ours) / quantile(floor)).toFixed(2)}`)
  await restore()
}
verdict("peak memory", Math.max(...taken.map(({ memory }) => memory)), "<=", 250, " MB")
console.log(
  `read back in ${taken.at(-1)!.afterSeconds.toFixed(2)} s; compared after a restore in ${restored.at(-1)!.afterSeconds.toFixed(2)} s, with ${restored.at(-1)!.memory} MB`,
)

const idle = await load(() => Bun.sleep(2_000))
const busy = await load(backUp)
console.log(`others' p95: ${idle.toFixed(1)} ms without a backup, ${busy.toFixed(1)} ms during one`)

await sql.end()
await admin.end()
await server.stop()
await rig.stop()
await rm(folder, { recursive: true, force: true })

function mb(bytes: number) {
  return Math.round(bytes / 1e6)
}

/** A server may write only where its user may. */
const copyOf = (name: string) => `copy ${name} to program 'cat > /dev/null'`

async function serverCopy(statements: string) {
  const began = performance.now()
  await sql.unsafe(statements).simple()
  return (performance.now() - began) / 1_000
}

/** The 95th percentile of milliseconds that a change of a row and a look at ten take, one after the other, while something goes on. */
async function load(meanwhile: () => Promise<unknown>): Promise<number> {
  const took: number[] = []
  let over = false
  const going = meanwhile().finally(() => {
    over = true
  })
  for (let turn = 1; !over; turn++) {
    const began = performance.now()
    await sql`update orders set qty = qty + 1 where id = ${1 + ((turn * 7_919) % 1_000)}`
    await sql`select * from events where user_id = ${turn % 1_000} order by at desc limit 10`
    took.push(performance.now() - began)
    await Bun.sleep(5)
  }
  await going
  return quantile(took, 0.95)
}
