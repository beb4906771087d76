import { beforeEach, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { errors, filters, isMeant, moments, names, payloads } from "../lib/run-filter.testing.ts"
import type { RunFilter } from "../lib/run-filter.ts"
import type { RunStatus } from "../lib/runs.ts"
import { pool } from "./pool.ts"
import { countRuns, type RunPlace, SearchTooLong, searchRuns } from "./run-search.ts"
import { asRow, type RecordedRun, recordRuns } from "./runs.ts"

const QUEUES = ["email", "price-sync"]
const STATUSES = ["completed", "failed", "cancelled"] as const

beforeEach(async () => {
  await pool()`truncate runs`
})

const run = (given: Partial<RecordedRun>): RecordedRun => {
  const isCompleted = (given.status ?? "completed") === "completed"
  const at = given.finishedAt ?? Date.now()
  return {
    id: crypto.randomUUID(),
    queue: "email",
    name: "email",
    status: "completed",
    priority: 5,
    payload: {},
    attempts: 1,
    askedAt: at - 2,
    startedAt: at - 1,
    finishedAt: at,
    ...given,
    result: isCompleted ? (given.result ?? null) : null,
    error: isCompleted ? null : (given.error ?? ""),
  }
}
const record = (runs: RecordedRun[]) => recordRuns(runs.map(asRow), pool())

/** Every page of a search, with what is done between two of them. */
async function allPages(filter: RunFilter, page: { limit: number; most?: number }, between = async () => {}) {
  const found: RunStatus[] = []
  let after: RunPlace | null = null
  do {
    const { runs, next }: Awaited<ReturnType<typeof searchRuns>> = await searchRuns(filter, {
      after,
      ...page,
    })
    expect(runs.length).toBeLessThanOrEqual(page.limit)
    found.push(...runs)
    after = next
    await between()
  } while (after)
  return found.map(({ jobId }) => jobId)
}

const recorded = fc.record({
  queue: fc.constantFrom(...QUEUES),
  name: names,
  status: fc.constantFrom("completed", "failed", "cancelled", "timed-out"),
  payload: payloads,
  error: errors,
  finishedAt: moments,
}) as fc.Arbitrary<Partial<RecordedRun>>

const statusOf = (status: RecordedRun["status"]) => (status === "timed-out" ? "failed" : status)

/** The ids of those that are meant, latest first. */
const meant = (runs: RecordedRun[], filter: RunFilter) =>
  runs
    .filter((run) =>
      isMeant(
        { ...run, status: statusOf(run.status), data: run.payload, failedReason: run.error } as never,
        run.finishedAt,
        filter,
      ),
    )
    .toSorted((one, other) => other.finishedAt - one.finishedAt || (one.id < other.id ? 1 : -1))
    .map(({ id }) => id)

test("finds what a naive filter does, in every page size, however few runs it may look at for one", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(recorded, { maxLength: 40 }),
      fc.array(filters(QUEUES, [...STATUSES]), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      async (given, filters, limit, most) => {
        await pool()`truncate runs`
        const runs = given.map(run)
        if (runs.length) await record(runs)
        for (const filter of filters) {
          expect(await allPages(filter, { limit, most })).toEqual(meant(runs, filter))
          expect(await countRuns(filter, 1_000)).toBe(meant(runs, filter).length)
        }
      },
    ),
    { numRuns: 150 },
  )
})

test("pages neither lose nor double a run while others come", async () => {
  const began = Date.now() - 10_000
  const old = Array.from({ length: 200 }, (_, n) =>
    run({ status: n % 3 ? "failed" : "completed", error: `no luck ${n % 2}`, finishedAt: began + (n >> 2) }),
  )
  await record(old)
  const filter = { status: "failed", error: "luck 1" } as const
  const come = () => record([run({ status: "failed", error: "no luck 1" }), run({ status: "completed" })])
  const found = await allPages(filter, { limit: 7, most: 20 }, come)
  expect(found).toEqual(meant(old, filter))
})

test("tells of runs as their status does, without more", async () => {
  const at = Date.UTC(2026, 1, 10)
  const payload = { userId: 7, snake_case: true }
  await record([
    run({
      id: "one",
      name: "hello",
      status: "timed-out",
      error: "Timed out after 5 ms",
      payload,
      finishedAt: at,
    }),
  ])
  const { runs } = await searchRuns({ data: { userId: "7", snake_case: "true" } }, { limit: 5 })
  expect(runs).toEqual([
    {
      jobId: "one",
      queue: "email",
      name: "hello",
      status: "failed",
      progress: { percentage: 0, stage: "failed", message: "" },
      data: payload,
      returnValue: null,
      failedReason: "Timed out after 5 ms",
      attemptsMade: 1,
      createdAt: at - 2,
      processedOn: at - 1,
      finishedOn: at,
    },
  ])
})

test("counts no further than it is told", async () => {
  await record(Array.from({ length: 30 }, () => run({})))
  expect(await countRuns({ queue: "email" }, 10)).toBe(10)
  expect(await countRuns({ queue: "email" }, 100)).toBe(30)
})

describe("a search that would take too long", () => {
  test("ends with a sentence that says how to narrow it, and leaves the connection as it was", async () => {
    await record([run({})])
    const slow = pool().begin.bind(pool())
    // Another holds the table: what is waited for counts as well.
    const holding = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const other = slow(async (tx) => {
      await tx`lock table runs in access exclusive mode`
      held.resolve()
      await holding.promise
    })
    await held.promise
    const began = performance.now()
    await expect(searchRuns({ queue: "email" }, { limit: 5 })).rejects.toThrow(SearchTooLong)
    expect(performance.now() - began).toBeLessThan(2_000)
    holding.resolve()
    await other
    const [{ timeout }] = await pool()<
      [{ timeout: string }]
    >`select current_setting('statement_timeout') as timeout`
    expect(timeout).toBe("0")
    expect((await searchRuns({ queue: "email" }, { limit: 5 })).runs).toHaveLength(1)
  })

  test("says what to narrow it by", () => {
    expect(new SearchTooLong().message).toContain(
      "narrow it by queue or status, or by less time between from and to",
    )
  })
})
