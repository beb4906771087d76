/** No schedule has this name. */
export class UnknownSchedule extends Error {
  override name = "UnknownSchedule"

  constructor(asked: string, known: readonly string[]) {
    const there = known.length ? `the schedules are ${known.join(", ")}` : "there are no schedules"
    super(`No schedule "${asked}": ${there}`)
  }
}
