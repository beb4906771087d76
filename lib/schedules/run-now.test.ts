import { afterEach, expect, test } from "bun:test"
import { validate } from "uuid"
import { z } from "zod"
import { defineJob } from "../jobs/define.ts"
import { queueOf } from "../queues.ts"
import { runScheduleNow } from "./run-now.ts"
import { UnknownSchedule } from "./unknown.ts"

const sweep = defineJob({
  name: "sweep",
  summary: "Sweep",
  payload: z.object({ slot: z.iso.datetime() }),
  result: z.null(),
  example: { slot: "2026-11-23T06:00:00Z" },
  concurrency: 1,
  schedules: [
    { name: "sweep-daily", cron: "0 9 * * *", payload: (slot) => ({ slot: slot.toISOString() }) },
    { name: "sweep-hourly", cron: "0 * * * *", payload: (slot) => ({ slot: slot.toISOString() }) },
  ],
})

const there = [
  { name: "sweep-daily", job: "sweep" },
  { name: "sweep-hourly", job: "sweep" },
]

afterEach(() => queueOf(sweep).obliterate({ force: true }))

test("a schedule run now has a run of its own, and now for its slot", async () => {
  const before = Date.now()
  const { id, name, queue } = await runScheduleNow("sweep-daily", { there, jobs: [sweep] })
  expect(validate(id)).toBe(true)
  expect({ name, queue }).toEqual({ name: "sweep-daily", queue: "sweep" })
  const queued = await queueOf(sweep).getJob(id)
  expect(Date.parse(queued!.data.slot)).toBeWithin(before, Date.now() + 1)
})

test("one that is not there is told from those that are", async () => {
  const asked = runScheduleNow("sweep-weekly", { there, jobs: [sweep] })
  await expect(asked).rejects.toEqual(new UnknownSchedule("sweep-weekly", ["sweep-daily", "sweep-hourly"]))
  expect(new UnknownSchedule("sweep", []).message).toBe('No schedule "sweep": there are no schedules')
})

test("one that another process has removed, or given to another job, is not there", async () => {
  const others = [
    { name: "sweep-daily", job: "sweep" },
    { name: "sweep-hourly", job: "dust" },
  ]
  for (const there of [others, others.slice(0, 1)])
    await expect(runScheduleNow("sweep-hourly", { there, jobs: [sweep] })).rejects.toEqual(
      new UnknownSchedule("sweep-hourly", ["sweep-daily"]),
    )
})
