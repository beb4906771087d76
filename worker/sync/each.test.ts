import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { updateIntegration } from "../../db/integrations.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { queueOf } from "../../lib/queues.ts"
import { slotsBetween } from "../../lib/schedules/slots.ts"
import { type Partners, startPartners } from "../../sandbox/partners/simulator.ts"
import { enqueued, perform, testRun } from "../testing.ts"
import { integrate } from "./testing.ts"

let leave: () => Promise<void>
let partners: Partners
beforeAll(async () => {
  leave = await moveToOwnDatabase()
  partners = startPartners()
})
afterAll(async () => {
  await partners.stop()
  await leave()
})
beforeEach(() => emptyRentals())
afterEach(() => queueOf(integrationSync).obliterate({ force: true }))

const asked = async () =>
  (await enqueued("integration-sync"))
    .map(({ name, payload }) => [name, payload.agencyId, payload.provider])
    .sort()

test("each agency's integrations are asked for once, but for those that are disabled or in error", async () => {
  const [one, other] = [await letHome(), await letHome({ agency: { cnpj: null } })]
  await integrate(one.agencyId, "real-estate-portal", partners)
  await integrate(one.agencyId, "zapier", partners)
  const crm = await integrate(other.agencyId, "crm", partners)
  const portal = await integrate(other.agencyId, "real-estate-portal", partners)
  await updateIntegration((await integrate(other.agencyId, "zapier", partners)).id, { enabled: false })
  await pool()`update integrations set reason = '401' where id = ${portal.id}`

  const run = testRun()
  const { payload } = integrationSync.schedules![0]!
  const given = integrationSync.payload.parse(payload(new Date()))
  const first = await perform("integration-sync", given, run)
  expect(first.runs).toHaveLength(3)
  expect(await perform("integration-sync", given, run)).toEqual(first)
  expect(await asked()).toEqual([
    ["sync-crm", other.agencyId, "crm"],
    ["sync-real-estate-portal", one.agencyId, "real-estate-portal"],
    ["sync-zapier", one.agencyId, "zapier"],
  ])
  expect((await perform("integration-sync", { provider: "crm", action: "pull" })).runs).toHaveLength(1)
  expect((await perform("integration-sync", { agencyId: one.agencyId, action: "push" })).runs).toHaveLength(2)
  expect((await enqueued("integration-sync")).at(-1)?.payload).toMatchObject({
    agencyId: one.agencyId,
    action: "push",
  })
  expect(crm.status).toBe("ok")
})

test("the schedule rings every six hours", () => {
  const [schedule] = integrationSync.schedules!
  expect(schedule).toMatchObject({ name: "integration-sync", cron: "0 */6 * * *" })
  const day = [new Date("2026-03-02T02:59:00Z"), new Date("2026-03-03T02:59:00Z")] as const
  expect(
    slotsBetween({ cron: schedule!.cron, zone: "America/Sao_Paulo" }, ...day).map((slot) =>
      slot.toISOString().slice(11, 16),
    ),
  ).toEqual(["03:00", "09:00", "15:00", "21:00"])
})
