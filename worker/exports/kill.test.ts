import { afterEach, beforeEach, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { pool } from "../../db/pool.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { startProxy } from "../../sandbox/proxy.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { exported, stored } from "./testing.ts"

const PATIENCE = 60_000
const ROWS = 30_000

/** Bytes a second from PostgreSQL: the rows take longer than a worker that stops has to end. */
const SPEED = 3_000_000

let worker: Service
let line: Awaited<ReturnType<typeof startProxy>>

beforeEach(async () => {
  line = await startProxy(Number(new URL(process.env.DATABASE_URL!).port), { speed: SPEED })
  await pool()`truncate products restart identity cascade`
  await pool()`insert into products (name, brand) select repeat(md5(n::text), 10), '=' || n from generate_series(1, ${ROWS}) as n`
})

afterEach(async () => {
  await worker.stop()
  await line.stop()
  await queueOf(dataExport).obliterate({ force: true })
})

const start = () =>
  startService([process.execPath, "worker/main.ts"], {
    WORKER_QUEUES: "export",
    LOCK_DURATION: "500",
    STALLED_INTERVAL: "300",
    MAX_STALLED_COUNT: "1000",
    DRAIN_SECONDS: "1",
    DATABASE_URL: Object.assign(new URL(process.env.DATABASE_URL!), { host: `127.0.0.1:${line.port}` }).href,
  })

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")
const backends = () =>
  pool()`select 1 from pg_stat_activity where query like 'copy (select%' and state = 'active'`

test.each(["csv", "xlsx"] as const)(
  "killed and told to stop in the middle, an export as %s is the file that it would have been, and nothing else is stored",
  async (format) => {
    const asked = { tables: ["products"], format }
    const { row: undisturbed } = await exported(asked)
    worker = await start()
    const { id } = await enqueue(dataExport, asked as never)
    for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
      // In the middle of the COPY, though its end would be near.
      expect(await until(async () => (await backends()).length > 0, PATIENCE)).toBe(true)
      worker.signal(signal)
      await worker.ended
      expect(await Array.fromAsync(exportStorage().list(`exports/${id}/`))).toEqual([])
      expect(await until(async () => (await backends()).length === 0, PATIENCE)).toBe(true)
      worker = await start()
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
