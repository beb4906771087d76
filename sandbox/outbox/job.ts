import { z } from "zod"
import { defineJob } from "../../lib/jobs/define.ts"

/** A job to try the outbox with. */
export const parcel = defineJob({
  name: "parcel",
  summary: "Arrive once",
  payload: z.strictObject({ word: z.string() }),
  result: z.null(),
  example: { word: "go" },
  concurrency: 20,
})
