import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { Integration } from "../../db/integrations.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { queueOf } from "../../lib/queues.ts"
import { findRun } from "../../lib/runs.ts"
import { createRandom } from "../../sandbox/fleet/random.ts"
import { type Partners, startPartners } from "../../sandbox/partners/simulator.ts"
import { type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { integrate, itemsOf, leadsOf } from "./testing.ts"

const THERE = 30
const HERE = 10
const KILLS = 3
const PATIENCE = 60_000

let leave: () => Promise<void>
let partners: Partners
let agencyId: number
let integration: Integration
let workers: Service[] = []

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
beforeEach(async () => {
  process.env.ALLOW_PRIVATE_ADDRESSES = "true"
  await emptyRentals()
  ;({ agencyId } = await letHome())
  partners = startPartners({ pageSize: 3 })
  partners.crm.latency = 10
  for (let index = 0; index < THERE; index += 1) partners.crm.put({ name: `There ${index}` })
})
afterEach(async () => {
  delete process.env.ALLOW_PRIVATE_ADDRESSES
  await Promise.all(workers.map((worker) => worker.stop()))
  workers = []
  await partners.stop()
  await queueOf(integrationSync).obliterate({ force: true })
})

const start = async () => {
  const worker = await startService([process.execPath, "worker/main.ts"], {
    ...{
      LOCK_DURATION: "1000",
      STALLED_INTERVAL: "1000",
      MAX_STALLED_COUNT: "1000",
      WORKER_QUEUES: "integration-sync",
    },
    DATABASE_POOL: undefined,
  })
  workers.push(worker)
  return worker
}

const ask = async () =>
  (await enqueue(integrationSync, { agencyId, provider: integration.provider, action: "sync" })).id
const statusOf = async (id: string) => (await findRun(integrationSync, id))?.status
const areDone = (ids: string[]) =>
  until(
    async () => (await Promise.all(ids.map(statusOf))).every((status) => status === "completed"),
    PATIENCE,
  )

const addHere = () => pool()`
  insert into leads (agency_id, name, source) select ${agencyId}, 'Here ' || n, 'site' from generate_series(1, ${HERE}) as n
`

test("killed wherever it may be, everything is on both sides once", async () => {
  integration = await integrate(agencyId, "crm", partners)
  await addHere()
  const random = createRandom(2_900)
  const id = await ask()
  for (let kill = 0; kill < KILLS; kill += 1) {
    const worker = await start()
    const before = partners.crm.requests.length
    const more = 1 + Math.floor(random() * 6)
    await until(
      async () => partners.crm.requests.length >= before + more || (await statusOf(id)) === "completed",
      PATIENCE,
    )
    await Bun.sleep(random() * 15)
    worker.signal("SIGKILL")
    await worker.ended
  }
  await start()
  expect(await areDone([id])).toBe(true)

  const names = (await leadsOf(agencyId)).map(({ name }) => name)
  expect(names).toHaveLength(THERE + HERE)
  expect(new Set(names).size).toBe(THERE + HERE)
  const there = partners.crm.store.of("leads").map(({ data }) => data.name)
  expect(new Set(there).size).toBe(there.length)
  expect(there.sort()).toEqual(names.sort())
  expect(partners.crm.effects.filter(({ what }) => what === "created")).toHaveLength(HERE + 2)
  expect(partners.crm.effects.filter(({ what }) => what === "deleted")).toEqual([])
  const items = await itemsOf(integration.id)
  expect(items.filter(({ outcome }) => outcome !== "created")).toHaveLength(0)
  expect(items).toHaveLength(THERE + HERE + 2)
}, 120_000)

test("two workers with many runs of it are at one integration one after the other", async () => {
  integration = await integrate(agencyId, "crm", partners)
  await addHere()
  const ids = await Promise.all(Array.from({ length: 3 }, ask))
  await Promise.all([start(), start()])
  expect(await areDone(ids)).toBe(true)
  expect(partners.crm.mostAtATime).toBe(1)
  expect(await leadsOf(agencyId)).toHaveLength(THERE + HERE)
  expect(partners.crm.effects.filter(({ what }) => what === "created")).toHaveLength(HERE + 2)
}, 120_000)
