import { expect, test } from "bun:test"
import { z } from "zod"
import { defineJob } from "./define.ts"

const said = {
  name: "sweep",
  summary: "Sweep",
  payload: z.object({}),
  result: z.null(),
  example: {},
  concurrency: 1,
} as const

test("what a definition leaves unsaid is three tries, 5 and 10 s apart, of half an hour each", () => {
  expect(defineJob(said)).toEqual({
    ...said,
    attempts: 3,
    backoff: { type: "exponential", delay: 5_000 },
    timeout: 1_800_000,
  })
})

test("what it says holds", () => {
  const own = { attempts: 1, backoff: { type: "fixed", delay: 10 }, timeout: 600_000 }
  expect(defineJob({ ...said, ...own })).toEqual({ ...said, ...own })
})
