import { afterEach, beforeAll, expect, test } from "bun:test"
import fc from "fast-check"
import { z } from "zod"
import { defineJob } from "../jobs/define.ts"
import { queueClient, queueKey } from "../queues.ts"
import { untilReady } from "../redis/connect.ts"
import { type Ended, endedPage, type Place, type Source } from "./ended-page.ts"

const jobNamed = (name: string) =>
  defineJob({ name, summary: "", payload: z.object({}), result: z.null(), example: {}, concurrency: 1 })

const sources: Source[] = ["anchor", "buoy", "cable"].map((name) => ({
  name,
  job: jobNamed(name),
  state: "failed",
}))
const keyOf = ({ job, state }: Source) => queueKey(job.name, state)

beforeAll(() => untilReady(queueClient()))
afterEach(() => Promise.all(sources.map((source) => queueClient().del(keyOf(source)))))

/** Put runs into Redis, and returns them in the order that they are to be told in. */
async function ended(runs: { source: number; at: number; id: string }[]): Promise<Place[]> {
  const places = runs.map(({ source, at, id }) => ({ source: sources[source]!.name, at, id }))
  for (const { source, at, id } of places)
    await queueClient().zadd(keyOf(sources.find(({ name }) => name === source)!), at, id)
  // One run is ended once.
  const once = new Map(places.map((place) => [`${place.source} ${place.id}`, place]))
  return [...once.values()].sort(
    (one, other) =>
      other.at - one.at ||
      compare(one.source, other.source) ||
      Buffer.compare(Buffer.from(other.id), Buffer.from(one.id)),
  )
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))

const placeOf = ({ at, source, id }: Ended): Place => ({ at, source, id })

async function pages(limit: number, between: (told: Place[]) => Promise<unknown> = async () => undefined) {
  const told: Place[] = []
  for (;;) {
    const page = (await endedPage(sources, limit, told.at(-1))).map(placeOf)
    told.push(...page)
    if (page.length < limit) return told
    await between(told)
  }
}

const run = fc.record({
  source: fc.nat(2),
  // Many end in one millisecond.
  at: fc.integer({ min: 1, max: 4 }),
  id: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,3}$/),
})

test("pages of any size tell every run once, newest first, whatever ended in one millisecond", async () => {
  await fc.assert(
    fc
      .asyncProperty(
        fc.array(run, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (runs, limit) => {
          const order = await ended(runs)
          expect(await pages(limit)).toEqual(order)
        },
      )
      .afterEach(() => Promise.all(sources.map((source) => queueClient().del(keyOf(source))))),
    { numRuns: 60 },
  )
})

test("runs that come meanwhile, or go, those told last among them, neither hide nor double another", async () => {
  const runs = Array.from({ length: 90 }, (_, index) => ({
    source: index % 3,
    at: 10 + Math.floor(index / 30),
    id: `run-${(index * 7) % 90}`,
  }))
  const order = await ended(runs)
  const gone = new Set<string>()
  const told = await pages(7, async (told) => {
    const last = told.at(-1)!
    const next = order[order.findIndex(({ id }) => id === last.id) + 2]
    for (const place of [last, next])
      if (place) {
        gone.add(place.id)
        await queueClient().zrem(keyOf(sources.find(({ name }) => name === place.source)!), place.id)
      }
    await queueClient().zadd(keyOf(sources[0]!), 99, `late-${told.length}`)
  })
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  const missing = order.filter((place) => !told.some(({ id }) => id === place.id))
  expect(missing.every(({ id }) => gone.has(id))).toBe(true)
  expect(told.some(({ id }) => id.startsWith("late-"))).toBe(false)
})
