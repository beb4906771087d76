import { expect, test } from "bun:test"
import { join } from "node:path"
import postgres from "postgres"
import { parcel } from "../sandbox/outbox/job.ts"
import { freePort } from "../sandbox/ports.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { temporaryFolder } from "../sandbox/testing.ts"
import { migrate } from "./migrate.ts"
import { enqueueIn } from "./outbox.ts"

test("runs that were accepted are in the outbox after PostgreSQL was killed", async () => {
  const place = { dataDir: join(await temporaryFolder(), "postgres"), durable: true, port: await freePort() }
  const first = await startPostgres(place)
  const session = postgres(first.url, { max: 4, onnotice: () => undefined, transform: postgres.camel })
  await migrate(session)
  const accepted: string[] = []
  const caller = async () => {
    for (;;) {
      // Nothing is accepted any more once it is gone.
      const id = await session.begin((tx) => enqueueIn(tx, parcel, { word: "go" })).catch(() => undefined)
      if (id === undefined) return
      accepted.push(id)
      if (accepted.length === 200) first.kill("SIGKILL")
    }
  }
  await Promise.all([1, 2, 3, 4].map(caller))
  await session.end({ timeout: 0 })
  await first.gone

  const second = await startPostgres(place)
  const again = postgres(second.url, { max: 1 })
  const rows = await again<{ id: string }[]>`select id from outbox where relayed_at is null`
  const there = new Set(rows.map(({ id }) => id))
  expect(accepted.filter((id) => !there.has(id))).toEqual([])
  await again.end()
  await second.stop()
})
