/** The id of the run that a schedule asks for at a slot: the same however often it is asked for. */
export function slotRunId(schedule: string, slot: Date): string {
  return `${schedule}-${slot.toISOString().replace(/\.\d+|[-:]/g, "")}`
}

/** The schedule that asked for a run at one of its slots, or undefined for any other run. */
export function scheduleOf(runId: string): string | undefined {
  return /^([a-z0-9]+(?:-[a-z0-9]+)*)-\d{8}T\d{6}Z$/.exec(runId)?.[1]
}
