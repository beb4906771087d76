import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import { verifyAuditLog } from "../db/audit-chain.ts"
import { migrate } from "../db/migrate.ts"
import { closePool } from "../db/pool.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { child } from "./children.ts"
import { numbers, verdict } from "./measure.ts"

// Entries written to the audit log per second by so many processes at once, which wait for each other, on a PostgreSQL that
// writes to disk before it answers; and whether the chain is whole then.
const { processes, callers, seconds } = numbers({ processes: 4, callers: 16, seconds: 5 })
const folder = await mkdtemp(join(tmpdir(), "esteira-bench-"))
const server = await startPostgres({ dataDir: folder, durable: true })
const session = postgres(server.url, { max: 1, onnotice: () => undefined })
await migrate(session)

const writers = Array.from({ length: processes }, () =>
  child<{ entries: number; p95: number }>("audit-writer.ts", { DATABASE_URL: server.url }, [
    String(callers),
    String(seconds),
  ]),
)
const said = await Promise.all(writers.map((writer) => writer.next()))
const written = said.reduce((sum, { entries }) => sum + entries, 0)
const began = performance.now()
process.env.DATABASE_URL = server.url
const { entries, broken } = await verifyAuditLog()
console.log(
  `${entries} entries, ${broken ?? "whole"}: read through in ${((performance.now() - began) / 1_000).toFixed(1)} s`,
)
if (broken !== undefined || entries !== written) process.exitCode = 1
verdict("entries per second", written / seconds, ">=", 500)
verdict("95 of 100 within", Math.max(...said.map(({ p95 }) => p95)), "<=", 500, " ms")

await Promise.all([session.end(), closePool()])
await server.stop()
await rm(folder, { recursive: true, force: true })
