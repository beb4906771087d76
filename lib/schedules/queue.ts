import { z } from "zod"
import { defineJob } from "../jobs/define.ts"

/** The alarm clock: its runs are rung by the clock alone, and ask for the runs of the slots that are due. */
export const alarm = defineJob({
  name: "schedule",
  summary: "Ask for the runs that a schedule has due",
  payload: z.object({ schedule: z.string() }),
  result: z.object({ asked: z.array(z.string()) }),
  example: { schedule: "price-sync" },
  concurrency: 1,
  attempts: 25,
  backoff: { type: "fixed", delay: 10_000 },
})
