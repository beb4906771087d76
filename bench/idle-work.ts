import { z } from "zod"
import { defineJob } from "../lib/jobs/define.ts"

/** Ten queues, the first of them that of the schedules. */
export const jobs = Array.from({ length: 10 }, (_, index) =>
  defineJob({
    name: index === 0 ? "schedule" : `bench-${index}`,
    summary: "Be idle",
    payload: z.object({ hold: z.boolean().default(false) }),
    result: z.object({}),
    example: {},
    concurrency: 5,
  }),
)

/** What a process that works on them says: that it does, and when a run began. */
export type Said = { up: true } | { begun: string; at: number }

/** Say that a run has begun, and hold on to it for as long as this process lives if it asks for that. */
export async function perform({ hold }: { hold?: boolean }, run: { id?: string | undefined }) {
  process.send!({ begun: run.id, at: now() })
  if (hold) await new Promise(() => undefined)
  return {}
}

/** Milliseconds since 1970, and parts of them: the same clock in every process of the machine. */
export const now = () => performance.timeOrigin + performance.now()
