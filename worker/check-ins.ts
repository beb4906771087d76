import { createHash } from "node:crypto"
import { schedulesOf } from "../lib/schedules/declared.ts"
import { scheduleOf } from "../lib/schedules/run-id.ts"
import type { Rule } from "../lib/schedules/slots.ts"
import { reportCheckIn } from "../lib/sentry/report.ts"
import type { Observer, Outcome, Try } from "./observer.ts"

/** Minutes after which Sentry misses a run that was due. */
const MARGIN = 15

/** How a run that has ended for good stands with Sentry; an outcome that is not here is no end. */
const ENDS: Partial<Record<Outcome, "ok" | "error">> = {
  completed: "ok",
  failed: "error",
  "timed-out": "error",
  cancelled: "error",
}

/** Checks the runs of schedules in and out with Sentry, which misses the one that does not come, or does not end. */
export function createCheckIns(ruleOf: (schedule: string) => Rule | undefined = declaredRules()): Observer {
  const tell = ({ job, queued }: Try, status: "in_progress" | "ok" | "error") => {
    const schedule = scheduleOf(queued.id!)
    if (schedule === undefined) return
    reportCheckIn(() => {
      const rule = ruleOf(schedule)
      const longest = (job.timeout * job.attempts) / 60_000
      return {
        schedule,
        id: checkInId(queued.id!),
        status,
        rule: rule && { ...rule, margin: MARGIN, longest: Math.ceil(longest) + MARGIN },
      }
    })
  }
  return {
    started: (begun) => tell(begun, "in_progress"),
    ended: (ended) => {
      const status = ENDS[ended.outcome]
      if (status) tell(ended, status)
    },
  }
}

function declaredRules() {
  const rules = new Map(schedulesOf().map((schedule) => [schedule.name, schedule]))
  return (schedule: string) => rules.get(schedule)
}

/** Told by the run's id alone, so that whichever process ends a run checks out what another has checked in. */
const checkInId = (runId: string) => createHash("sha256").update(runId).digest("hex").slice(0, 32)
