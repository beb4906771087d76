/** A backup as far as it matters for how long it is kept. */
export interface Kept {
  id: string
  previousId: string | null
  status: string
  startedAt: Date
  retentionDays: number
  /** Null for all. */
  tables: readonly string[] | null
  verifiedAt: Date | null
}

/** Of how many days, weeks and months the last backup is kept. */
export interface Rules {
  days: number
  weeks: number
  months: number
}

const DAY = 86_400_000

/**
 * The backups to delete: those that are older than they were to be kept, and not the last of a day, week or month that is still
 * kept. A damaged one is the last of nothing, and one of some tables only where there is none of all. What another goes on from stays
 * as long as that does, and so does the last that was found whole. Days are those of UTC, weeks begin on Monday.
 */
export function toDelete(backups: readonly Kept[], now: Date, rules: Rules): string[] {
  const latestFirst = backups.toSorted(
    (one, other) => other.startedAt.getTime() - one.startedAt.getTime() || (one.id < other.id ? 1 : -1),
  )
  const whole = latestFirst.filter(({ status }) => status === "completed")
  const proven = whole.filter(({ verifiedAt }) => verifiedAt)
  const wanted = new Set<string>()
  for (const { id, startedAt, retentionDays } of latestFirst)
    if (now.getTime() - startedAt.getTime() < retentionDays * DAY) wanted.add(id)
  for (const { id } of [
    ...lastOfEach(whole, dayOf, rules.days),
    ...lastOfEach(whole, weekOf, rules.weeks),
    ...lastOfEach(whole, monthOf, rules.months),
    ...proven.filter((backup, place) => !proven.slice(0, place).some((later) => covers(later, backup))),
  ])
    wanted.add(id)

  const byId = new Map(backups.map((backup) => [backup.id, backup]))
  for (const id of wanted) {
    const previous = byId.get(id)?.previousId
    if (previous) wanted.add(previous)
  }
  // The last of a chain first: what goes on from another is not there without it.
  return latestFirst.filter(({ id }) => !wanted.has(id)).map(({ id }) => id)
}

/** The last backup of each of the latest so many periods that have any. */
function lastOfEach(latestFirst: readonly Kept[], periodOf: (date: Date) => string, periods: number) {
  const last = new Map<string, Kept>()
  for (const backup of latestFirst) {
    const period = periodOf(backup.startedAt)
    const held = last.get(period)
    if (!held || (held.tables && !backup.tables)) last.set(period, backup)
  }
  return [...last.values()].slice(0, periods)
}

/** Whether there is in one backup all that is in another. */
const covers = (one: Kept, other: Kept) =>
  one.tables === null || (other.tables?.every((table) => one.tables!.includes(table)) ?? false)

const dayOf = (date: Date) => date.toISOString().slice(0, 10)

const monthOf = (date: Date) => date.toISOString().slice(0, 7)

// The first Thursday of 1970 was its first day: weeks that are counted from the Monday before have their own number.
const weekOf = (date: Date) => String(Math.floor((date.getTime() / DAY + 3) / 7))
