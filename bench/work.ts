import { setTimeout as wait } from "node:timers/promises"
import { z } from "zod"
import { defineJob } from "../lib/jobs/define.ts"

/** What the benchmark has done: its payload is that of a mail, its work is to wait, or nothing. */
export const job = defineJob({
  name: "bench",
  summary: "Be measured",
  payload: z.object({
    to: z.array(z.email()).min(1),
    template: z.literal("welcome"),
    data: z.object({ userName: z.string().min(1) }),
    milliseconds: z.int().nonnegative(),
  }),
  result: z.object({ sent: z.int() }),
  example: { to: ["ana@example.com"], template: "welcome", data: { userName: "Ana" }, milliseconds: 0 },
  concurrency: 50,
})

/** What both sides do with a run. */
export async function perform({ milliseconds }: { milliseconds: number }) {
  if (milliseconds > 0) await wait(milliseconds)
  return { sent: 1 }
}
