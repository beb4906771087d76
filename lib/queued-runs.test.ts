import { afterEach, expect, test } from "bun:test"
import fc from "fast-check"
import { v7 as uuidv7 } from "uuid"
import { z } from "zod"
import { enqueue } from "./enqueue.ts"
import { defineJob } from "./jobs/define.ts"
import { pii } from "./pii.ts"
import { type QueuedPlace, searchQueued } from "./queued-runs.ts"
import { onRedis, queueKey, queueOf } from "./queues.ts"
import { errors, filters, isMeant, moments, names, payloads } from "./run-filter.testing.ts"
import { type QueuedStatus, queuedStatuses, type RunFilter } from "./run-filter.ts"
import type { RunStatus } from "./runs.ts"

const leaf = z.union([z.string(), z.number(), z.boolean(), z.null()])
const jobCalled = (name: string) =>
  defineJob({
    name,
    summary: "Do what the test says",
    payload: z.object({
      n: leaf.optional(),
      list: z.array(leaf).optional(),
      inner: z
        .object({ n: leaf, "0": leaf, list: z.array(z.object({ n: leaf })) })
        .partial()
        .optional(),
      secret: pii(z.string()).optional(),
    }),
    result: z.unknown(),
    example: {},
    concurrency: 1,
  })
const jobs = [jobCalled("looked-for"), jobCalled("looked-for-too")]
const [one, two] = jobs as [(typeof jobs)[0], (typeof jobs)[0]]

afterEach(async () => {
  for (const job of jobs) await queueOf(job).obliterate({ force: true })
})

interface Queued {
  queue: string
  place: "delayed" | "prioritized" | "wait" | "active"
  score: number
  name: string
  askedAt: number
  error: string | null
  payload: object
}

const STATUSES: Record<Queued["place"], QueuedStatus> = {
  delayed: "delayed",
  prioritized: "waiting",
  wait: "waiting",
  active: "active",
}

/** Have a run in Redis, as BullMQ keeps it. */
async function put({ queue, place, score, name, askedAt, error, payload }: Queued): Promise<RunStatus> {
  const id = uuidv7()
  await onRedis(async (client) => {
    await client.hset(queueKey(queue, id), {
      name,
      data: JSON.stringify(payload),
      timestamp: String(askedAt),
      atm: error === null ? "0" : "1",
      ...(error === null ? {} : { failedReason: error }),
    })
    const key = queueKey(queue, place)
    if (place === "wait" || place === "active") await client.lpush(key, id)
    else await client.zadd(key, score, id)
  })
  return {
    jobId: id,
    queue,
    name,
    status: STATUSES[place],
    createdAt: askedAt,
    failedReason: error,
    data: payload,
  } as RunStatus
}

const queued: fc.Arbitrary<Queued> = fc.record({
  queue: fc.constantFrom(...jobs.map(({ name }) => name)),
  place: fc.constantFrom("delayed", "prioritized", "wait", "active"),
  // Few, so that many are the same.
  score: fc.integer({ min: 1, max: 3 }),
  name: names,
  askedAt: moments,
  error: fc.option(errors),
  payload: payloads,
})

async function allPages(filter: RunFilter, limit: number, between = async () => {}) {
  const found: RunStatus[] = []
  let scanned = 0
  let after: QueuedPlace | null = null
  do {
    const page: Awaited<ReturnType<typeof searchQueued>> = await searchQueued(filter, { after, limit, jobs })
    expect(page.runs.length).toBeLessThanOrEqual(limit)
    expect(page.scanned).toBeLessThanOrEqual(1_000)
    found.push(...page.runs)
    scanned += page.scanned
    after = page.next
    await between()
  } while (after)
  return { found, scanned }
}

test("finds what a naive filter does, in every page size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(queued, { maxLength: 25 }),
      fc.array(
        filters(
          jobs.map(({ name }) => name),
          [...queuedStatuses],
        ),
        { minLength: 5, maxLength: 5 },
      ),
      fc.integer({ min: 1, max: 30 }),
      async (given, filters, limit) => {
        for (const job of jobs) await queueOf(job).obliterate({ force: true })
        const runs = await Promise.all(given.map(put))
        for (const filter of filters) {
          const { found } = await allPages(filter, limit)
          const meant = runs.filter((run) => isMeant(run, run.createdAt, filter))
          expect(found.map(({ jobId }) => jobId).sort()).toEqual(meant.map(({ jobId }) => jobId).sort())
        }
      },
    ),
    { numRuns: 100 },
  )
}, 120_000)

const plain = { queue: one.name, score: 1, name: "one", askedAt: 0, error: null, payload: {} }

test("looks at so many for a page, says how many, and goes on from there", async () => {
  const runs = await Promise.all(
    Array.from({ length: 2_500 }, (_, n) =>
      put({ ...plain, place: "prioritized", score: n >> 9, payload: { n } }),
    ),
  )
  const filter = { status: "waiting", queue: one.name, data: { n: "2400" } } as const
  const first = await searchQueued(filter, { limit: 10, jobs })
  expect(first).toMatchObject({ runs: [], scanned: 1_000, next: { source: 1, score: expect.any(Number) } })
  const { found, scanned } = await allPages(filter, 10)
  expect(found.map(({ jobId }) => jobId)).toEqual([runs[2_400]!.jobId])
  expect(scanned).toBe(2_500)
  expect((await allPages({ status: "waiting" }, 200)).found).toHaveLength(2_500)
})

test("pages neither lose nor double a run that stays, while others come and go", async () => {
  const runs = await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      put({
        ...plain,
        place: n % 3 === 0 ? "delayed" : n % 3 === 1 ? "prioritized" : "active",
        score: 1 + (n % 7),
      }),
    ),
  )
  const leaving = runs.filter((_, n) => n % 10 === 0).map(({ jobId }) => jobId)
  const staying = runs.filter((_, n) => n % 10 !== 0).map(({ jobId }) => jobId)
  const change = async () => {
    await put({ ...plain, place: "prioritized", score: 0 })
    await put({ ...plain, place: "active" })
    const id = leaving.pop()
    if (id === undefined) return
    await onRedis(async (client) => {
      for (const key of ["delayed", "prioritized"]) await client.zrem(queueKey(one.name, key), id)
      await client.lrem(queueKey(one.name, "active"), 1, id)
      await client.del(queueKey(one.name, id))
    })
  }
  const { found } = await allPages({ queue: one.name }, 9, change)
  const ids = found.map(({ jobId }) => jobId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of staying) expect(ids).toContain(id)
})

test("tells of runs what their status does, in the order of their turn, and nothing personal", async () => {
  const secret = "Maria Planted"
  const low = (await enqueue(two, { n: 1, secret }, { priority: "low" })).id
  const high = (await enqueue(two, { n: 2, secret }, { priority: "high" }, { name: secret })).id
  const later = (await enqueue(two, { n: 3, secret }, { delay: 60_000 })).id
  await onRedis((client) =>
    client.hset(queueKey(two.name, low), {
      failedReason: `nobody is called ${secret}`,
      progress: JSON.stringify({ percentage: 40, stage: "asking", message: `asking ${secret}` }),
    }),
  )
  const { found } = await allPages({ queue: two.name }, 10)
  expect(found.map(({ jobId }) => jobId)).toEqual([later, high, low])
  expect(found[2]).toEqual({
    jobId: low,
    queue: two.name,
    name: two.name,
    status: "waiting",
    progress: { percentage: 40, stage: "asking", message: expect.not.stringContaining(secret) },
    data: { n: 1, secret: "[redacted]" },
    returnValue: null,
    failedReason: expect.stringContaining("nobody is called"),
    attemptsMade: 0,
    createdAt: expect.any(Number),
    processedOn: null,
    finishedOn: null,
  })
  expect(JSON.stringify(found)).not.toContain("Planted")
  // What is hidden cannot be found out by asking either.
  for (const filter of [{ data: { secret } }, { error: "Planted" }, { name: secret }])
    expect((await allPages(filter, 10)).found).toEqual([])
})

test("passes over runs that are gone, and tells what is no JSON as nothing", async () => {
  const run = await put({ ...plain, place: "active" })
  await onRedis((client) => client.lpush(queueKey(one.name, "active"), uuidv7()))
  await onRedis((client) => client.hset(queueKey(one.name, run.jobId), { data: "not JSON", progress: "?" }))
  const { found, scanned } = await allPages({ status: "active" }, 10)
  expect(found).toMatchObject([{ jobId: run.jobId, data: {}, progress: { stage: "active" } }])
  expect(scanned).toBe(2)
})
