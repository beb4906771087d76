import { changeSchedules, holdSchedule } from "../../db/schedules.ts"
import { RetryLater } from "../../lib/errors.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import type { DeclaredSchedule } from "../../lib/schedules/declared.ts"
import type { alarm } from "../../lib/schedules/queue.ts"
import type { Run } from "../run.ts"
import { catchUp } from "./catch-up.ts"
import { heal } from "./reconcile.ts"

/** Milliseconds until a worker that knows the schedule may have come. */
const NEWER_WORKER_WAIT = 10_000

/** Most milliseconds by which the clocks of two workers differ. */
const CLOCK_SKEW = 60_000

/** What is done when the alarm of a schedule rings: the runs are asked for that it has due. */
export const alarmProcessor =
  (declared: readonly DeclaredSchedule[], clock = () => new Date()) =>
  async ({ schedule: name }: JobPayload<typeof alarm>, run: Pick<Run, "id">) => {
    const now = notBefore(run.id, clock())
    const asked = await changeSchedules(async (tx) => {
      const row = await holdSchedule(name, tx)
      if (!row) return undefined
      const schedule = declared.find((schedule) => schedule.name === name && schedule.job.name === row.job)
      if (!schedule) throw new RetryLater(NEWER_WORKER_WAIT, `this worker does not know the schedule ${name}`)
      return await catchUp(schedule, row, now, tx)
    })
    if (!asked) await heal(declared, now)
    return { asked: asked ?? [] }
  }

/** The clock that set the alarm off may be a little ahead of this one, and the alarm does not ring twice. */
function notBefore(runId: string, now: Date) {
  const slot = Number(/:(\d+)$/.exec(runId)?.[1])
  return slot > now.getTime() && slot < now.getTime() + CLOCK_SKEW ? new Date(slot) : now
}
