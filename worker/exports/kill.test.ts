import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { exported, stored } from "./testing.ts"

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})

afterAll(() => leave())

const PATIENCE = 60_000
const ROWS = 30_000

/** Bytes a second from PostgreSQL: the rows take longer than a worker that stops has to end. */
const SPEED = 3_000_000

const workers: Service[] = []
let line: Awaited<ReturnType<typeof startProxy>>

beforeEach(async () => {
  line = await startProxy(Number(new URL(process.env.DATABASE_URL!).port), { speed: SPEED })
  await pool()`truncate products restart identity cascade`
  await pool()`insert into products (name, brand) select repeat(md5(n::text), 10), '=' || n from generate_series(1, ${ROWS}) as n`
})

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await line.stop()
  await queueOf(dataExport).obliterate({ force: true })
})

const start = async () => {
  const worker = await startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "export",
    LOCK_DURATION: "500",
    STALLED_INTERVAL: "300",
    MAX_STALLED_COUNT: "1000",
    DRAIN_SECONDS: "1",
    DATABASE_URL: Object.assign(new URL(process.env.DATABASE_URL!), { host: `127.0.0.1:${line.port}` }).href,
  })
  workers.push(worker)
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")
const backends = async () => {
  const rows = await pool()<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and query like 'copy (select%' and state = 'active'
  `
  return rows.map(({ pid }) => pid)
}

test.each(["csv", "xlsx"] as const)(
  "killed and told to stop in the middle, an export as %s is the file that it would have been, and nothing else is stored",
  async (format) => {
    const asked = { tables: ["products"], format }
    const { row: undisturbed } = await exported(asked)
    await start()
    const { id } = await enqueue(dataExport, asked as never)
    const seen = new Set<number>()
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      // In the middle of a COPY, and not of the one before it, which may take a moment to end.
      const begun = async () => (await backends()).some((pid) => !seen.has(pid))
      expect(await until(begun, PATIENCE)).toBe(true)
      for (const pid of await backends()) seen.add(pid)
      // Another is there to take it over.
      await start()
      const [first] = workers.splice(0, 1)
      first!.signal(signal)
      await first!.ended
      expect(await Array.fromAsync(exportStorage().list(`exports/${id}/`))).toEqual([])
    }
    expect(await until(async () => (await findRun(dataExport, id))?.status === "completed", PATIENCE)).toBe(
      true,
    )
    const files = await Array.fromAsync(exportStorage().list(`exports/${id}/`))
    expect(files.map(({ key }) => key)).toEqual([`exports/${id}/products.${format}`])
    const [row] = await pool()`select * from exports where run_id = ${id}`
    expect(row).toMatchObject({ status: "completed", rows: ROWS, sha256: digest(await stored(row!.fileKey)) })
    // A workbook says when it was made.
    if (format === "csv") expect(row!.sha256).toBe(undisturbed.sha256)
    expect((await findRun(dataExport, id))!.attemptsMade).toBeLessThanOrEqual(1)
  },
  300_000,
)
