import { listSchedules, pauseSchedule, resumeSchedule } from "../../db/schedules.ts"
import { runScheduleNow } from "../../lib/schedules/run-now.ts"
import { describeChange } from "../access/principal.ts"
import { fromPostgres } from "../postgres.ts"
import { AWAY } from "./schedules.ts"

/** Ask for a run of a schedule as if now were a slot of it, paused or not. Throws UnknownSchedule. */
export async function runNow(name: string, request: Request) {
  const { id, queue } = await runScheduleNow(name, { there: await fromPostgres(listSchedules(), AWAY) })
  describeChange(request, { target: name, after: { runId: id } })
  return { success: true, message: `The schedule ${name} has asked for a run`, jobId: id, queue }
}

/** Let the slots of a schedule pass without runs. Throws UnknownSchedule. */
export async function pause(
  name: string,
  { actor, reason }: { actor: string; reason?: string | undefined },
  request: Request,
) {
  await fromPostgres(pauseSchedule(askable(name), actor, reason), AWAY)
  describeChange(request, { target: name, after: { paused: true, reason } })
  return { success: true, message: `The schedule ${name} is paused` }
}

/** Have a schedule ask for runs again, from its next slot on. Throws UnknownSchedule. */
export async function resume(name: string, actor: string, request: Request) {
  await fromPostgres(resumeSchedule(askable(name), actor), AWAY)
  describeChange(request, { target: name, after: { paused: false } })
  return { success: true, message: `The schedule ${name} asks for runs again` }
}

/** PostgreSQL takes no NUL in a text, and no schedule has one in its name. */
const askable = (name: string) => name.replaceAll("\0", "\ufffd")
