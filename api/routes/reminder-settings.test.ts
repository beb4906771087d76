import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { sweep } from "../../worker/reminders/sweep.ts"
import { askedFor, nine } from "../../worker/reminders/testing.ts"
import { testRun } from "../../worker/testing.ts"

const usual = { timeZone: "America/Sao_Paulo", before: [3, 1], overdue: [1, 5, 15], finalNotice: 30 }

let leave: () => Promise<void>
let home: Awaited<ReturnType<typeof letHome>>
beforeAll(async () => {
  leave = await moveToOwnDatabase()
})
afterAll(() => leave())
beforeEach(async () => {
  await emptyRentals()
  await pool()`truncate outbox`
  home = await letHome()
})

describe.each(Object.keys(runtimes) as Runtime[])("the stages of an agency's reminders, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterAll(() => api.stop())

  const ask = async (method: "GET" | "PUT", body?: unknown, id: number | string = home.agencyId) => {
    const response = await fetch(`${api.url}/api/admin/agencies/${id}/reminders`, {
      method,
      headers: { authorization: `Bearer ${process.env.ADMIN_API_KEY}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  test("are the usual ones until they are changed, by which the next sweep goes", async () => {
    expect(await ask("GET")).toEqual({ status: 200, body: usual })
    const wanted = { timeZone: "America/Noronha", before: [1, 7, 7], overdue: [10, 2], finalNotice: null }
    const own = { ...wanted, before: [7, 1], overdue: [2, 10] }
    expect(await ask("PUT", wanted)).toEqual({ status: 200, body: own })
    expect(await ask("GET")).toEqual({ status: 200, body: own })
    const [entry] = await pool()<{ action: string; before: string; after: string }[]>`
      select action, before::text, after::text
      from audit_log
      where phase = 'done' and target = ${`agency:${home.agencyId}`}
      order by id desc limit 1
    `
    expect([entry!.action, JSON.parse(entry!.before), JSON.parse(entry!.after)]).toEqual([
      "reminders.change",
      usual,
      own,
    ])
    // Due on Tuesday, 10 February 2026; at 23:30 in São Paulo it is the day after in Noronha.
    await sweep(testRun(), new Date("2026-02-11T23:30:00-03:00"))
    await sweep(testRun(), nine("2026-03-12"))
    expect((await askedFor("payment-reminder")).map(({ payload }) => payload)).toMatchObject([
      { type: "overdue", days: 2 },
    ])
    const other = await letHome()
    expect((await ask("GET", undefined, other.agencyId)).body).toEqual(usual)
  })

  test.each<[path: string, more: object]>([
    ["timeZone", { timeZone: "America/Maringa" }],
    ["timeZone", { timeZone: "+03:00" }],
    ["timeZone", { timeZone: "x\0" }],
    ["before", { before: undefined }],
    ["before.0", { before: [-1] }],
    ["before.1", { before: [1, null] }],
    ["before", { before: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }],
    ["overdue.0", { overdue: [0] }],
    ["overdue.0", { overdue: [366], finalNotice: null }],
    ["overdue.0", { overdue: [1.5] }],
    ["finalNotice", { finalNotice: 15 }],
    ["finalNotice", { finalNotice: 0 }],
  ])("are refused by their path when they cannot be: %s", async (path, more) => {
    expect(await ask("PUT", { ...usual, ...more })).toMatchObject({
      status: 400,
      body: { details: expect.arrayContaining([expect.objectContaining({ path })]) },
    })
    expect((await ask("GET")).body).toEqual(usual)
  })

  test("are those of an agency that there is", async () => {
    for (const id of [999_999, 0, "x", "1e3"]) {
      expect((await ask("GET", undefined, id)).status).toBe(404)
      expect((await ask("PUT", usual, id)).status).toBe(404)
    }
  })

  test("come back as they went, whatever they are", async () => {
    const days = (least: number, most: number) =>
      fc.array(fc.integer({ min: least, max: most }), { maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
        days(0, 60),
        days(1, 364),
        fc.boolean(),
        async (timeZone, before, overdue, isLast) => {
          const { status, body } = await ask("PUT", {
            ...{ timeZone, before, overdue },
            finalNotice: isLast ? Math.max(0, ...overdue) + 1 : null,
          })
          if (status !== 200) expect(body.details).toMatchObject([{ path: "timeZone" }])
          else {
            expect(body).toEqual((await ask("GET")).body)
            expect(new Set(body.before)).toEqual(new Set(before))
            expect(new Set(body.overdue)).toEqual(new Set(overdue))
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})
