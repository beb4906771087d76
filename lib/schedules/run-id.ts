/** The id of the run that a schedule asks for at a slot: the same however often it is asked for. */
export function slotRunId(schedule: string, slot: Date): string {
  return `${schedule}-${slot.toISOString().replace(/\.\d+|[-:]/g, "")}`
}

const FORM = /^([a-z0-9]+(?:-[a-z0-9]+)*)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** The schedule that asked for a run at one of its slots, or undefined for any other run. */
export function scheduleOf(runId: string): string | undefined {
  return FORM.exec(runId)?.[1]
}

/** The slot that a schedule asked for a run at, or undefined for any other run. */
export function slotOf(runId: string): Date | undefined {
  const [, , year, month, day, hour, minute, second] = FORM.exec(runId) ?? []
  return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
