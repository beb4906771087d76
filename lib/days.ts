const DAY = 86_400_000

/** The day it is in a zone at a moment: `2026-02-10`. */
export const dayIn = (zone: string, moment = new Date()): string =>
  // Sweden writes days as ISO 8601 does.
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(moment)

/** So many days after a day, or before it. */
export const addDays = (day: string, days: number): string => dayOf(midnight(day) + days * DAY)

/** How many days a day comes after another; below nought when it comes before. */
export const daysBetween = (start: string, end: string): number => (midnight(end) - midnight(start)) / DAY

/** The day of the week, 0 for Sunday. */
export const weekday = (day: string): number => new Date(midnight(day)).getUTCDay()

/** The month of a day: `2026-02`. */
export const monthOf = (day: string): string => day.slice(0, 7)

/** So many months after a month, or before it. */
export function addMonths(month: string, months: number): string {
  const [year, number] = month.split("-").map(Number)
  return monthOf(dayOf(Date.UTC(year!, number! - 1 + months)))
}

/** A day of a month, its last when it has no such: the 31st of `2026-02` is `2026-02-28`. */
export function dayOfMonth(month: string, day: number): string {
  const last = addDays(`${addMonths(month, 1)}-01`, -1)
  const wanted = `${month}-${String(day).padStart(2, "0")}`
  return wanted < last ? wanted : last
}

const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayOf = (moment: number) => new Date(moment).toISOString().slice(0, 10)
