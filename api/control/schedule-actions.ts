import { listSchedules, pauseSchedule, resumeSchedule } from "../../db/schedules.ts"
import { runScheduleNow } from "../../lib/schedules/run-now.ts"
import { UnknownSchedule } from "../../lib/schedules/unknown.ts"
import { describeChange } from "../access/principal.ts"
import { jobsFor } from "../access/queues.ts"
import { fromPostgres } from "../postgres.ts"
import { AWAY, ofJobs } from "./schedules.ts"

/** Ask for a run of a schedule as if now were a slot of it, paused or not. Throws UnknownSchedule. */
export async function runNow(name: string, request: Request) {
  const there = await schedulesFor(request)
  const { id, queue } = await runScheduleNow(name, { there })
  describeChange(request, { target: name, after: { runId: id } })
  return { success: true, message: `The schedule ${name} has asked for a run`, jobId: id, queue }
}

/** Let the slots of a schedule pass without runs. Throws UnknownSchedule. */
export async function pause(
  name: string,
  { actor, reason }: { actor: string; reason?: string | undefined },
  request: Request,
) {
  await checkName(name, request)
  await fromPostgres(pauseSchedule(name, actor, reason), AWAY)
  describeChange(request, { target: name, after: { paused: true, reason } })
  return { success: true, message: `The schedule ${name} is paused` }
}

/** Have a schedule ask for runs again, from its next slot on. Throws UnknownSchedule. */
export async function resume(name: string, actor: string, request: Request) {
  await checkName(name, request)
  await fromPostgres(resumeSchedule(name, actor), AWAY)
  describeChange(request, { target: name, after: { paused: false } })
  return { success: true, message: `The schedule ${name} asks for runs again` }
}

/** The schedules that whoever sent a request is for. */
const schedulesFor = async (request: Request) =>
  ofJobs(await fromPostgres(listSchedules(), AWAY), jobsFor(request))

/** Throws UnknownSchedule unless there is one of this name. */
async function checkName(name: string, request: Request) {
  const names = (await schedulesFor(request)).map(({ name }) => name)
  if (!names.includes(name)) throw new UnknownSchedule(name, names)
}
