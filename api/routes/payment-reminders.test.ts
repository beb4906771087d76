import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { letHome } from "../../db/testing-rentals.ts"
import { freePort } from "../../sandbox/ports.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { remind } from "../../worker/reminders/remind.ts"
import { nine, startAfresh } from "../../worker/reminders/testing.ts"
import { testRun } from "../../worker/testing.ts"

const headers = { authorization: "Bearer est_a_key_for_the_tests" }

let home: Awaited<ReturnType<typeof letHome>>
let other: Awaited<ReturnType<typeof letHome>>

beforeAll(async () => {
  await startAfresh()
  home = await letHome({ months: 3, firstMonth: "2026-01" })
  other = await letHome()
  for (const paymentId of home.paymentIds)
    for (const days of [2, 4])
      await remind(
        { contractId: home.contractId, paymentId, type: "overdue", days },
        testRun(),
        nine("2026-03-20"),
      )
  await remind(
    { contractId: other.contractId, type: "overdue" },
    testRun({ id: "by-hand" }),
    nine("2026-02-15"),
  )
})

describe.each(Object.keys(runtimes) as Runtime[])("the list of reminders, on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime])).up()
  })
  afterAll(() => api.stop())

  const list = async (query = "", base = api.url) => {
    const response = await fetch(`${base}/api/admin/payment-reminders${query}`, { headers })
    const body = await response.json()
    return { status: response.status, ...body } as {
      status: number
      reminders: { id: number; contractId: number; paymentId: number; stage: string }[]
      next: number | null
      details: { path: string }[]
    }
  }

  test("tells what was said of what, and how", async () => {
    const { contractId, paymentId, agencyId } = other
    expect(await list(`?contractId=${contractId}`)).toEqual({
      status: 200,
      reminders: [
        {
          ...{ id: 7, agencyId, contractId, paymentId, type: "overdue", days: 5, stage: "overdue-5" },
          ...{ localDate: "2026-02-15", daysOverdue: 5, principalCents: 155_000, lateFeeCents: 3_100 },
          ...{ interestCents: 258, amountCents: 158_358, locale: "pt-BR", channels: ["email"] },
          ...{ isAgencyTold: false, runId: "by-hand" },
          pixCode: expect.stringContaining("1583.58"),
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        },
      ],
      next: null,
    } as never)
  })

  test("is read page by page, the latest first, of all or of what is asked for", async () => {
    const ids: number[] = []
    let before: number | null = null
    do {
      const page = await list(`?limit=2${before === null ? "" : `&before=${before}`}`)
      ids.push(...page.reminders.map(({ id }) => id))
      before = page.next
    } while (before !== null)
    expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1])

    const [, february] = home.paymentIds
    const ofPayment = await list(`?paymentId=${february}`)
    expect(ofPayment.reminders.map(({ stage }) => stage)).toEqual(["overdue-4", "overdue-2"])
    expect((await list(`?agencyId=${home.agencyId}`)).reminders).toHaveLength(6)
    expect((await list(`?agencyId=${other.agencyId}&contractId=${home.contractId}`)).reminders).toEqual([])
    expect(await list("?contractId=12345")).toMatchObject({ status: 200, reminders: [], next: null })
  })

  test.each([
    "contractId=x",
    "contractId=0",
    "paymentId=1e30",
    "before=-1",
    "limit=501",
    "limit=0",
    "userId=1",
  ])("says what is wrong with ?%s", async (query) => {
    const { status, details } = await list(`?${query}`)
    expect(status).toBe(400)
    expect(details[0]!.path).toBe(query === "userId=1" ? "" : query.split("=")[0]!)
  })

  test("says so while PostgreSQL is away", async () => {
    const away = await startService(runtimes[runtime], {
      DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/x`,
    })
    await away.up()
    expect((await list("", away.url)).status).toBe(503)
    await away.stop()
  })
})
