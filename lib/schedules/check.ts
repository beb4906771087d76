import { ConfigurationError } from "../errors.ts"
import { type DeclaredSchedule, schedulesOf } from "./declared.ts"
import { problemOf } from "./slots.ts"

/** Throws a ConfigurationError that names every schedule with something wrong in it. */
export function checkSchedules(schedules: readonly DeclaredSchedule[] = schedulesOf()) {
  const complaints = schedules.flatMap((schedule, index) => {
    const others = schedules.slice(0, index)
    const problem = problemOfName(schedule, others) ?? problemOf(schedule)
    return problem ? [`the schedule ${schedule.name} of ${schedule.job.name} is not right: ${problem}`] : []
  })
  if (complaints.length) throw new ConfigurationError(...complaints)
}

function problemOfName({ name }: DeclaredSchedule, others: readonly DeclaredSchedule[]) {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return "its name has to be of lower-case words and hyphens"
  const namesake = others.find((other) => other.name === name)
  return namesake && `its name is taken by a schedule of ${namesake.job.name}`
}
