import { addDays, addMonths, dayIn, dayOfMonth, monthOf, weekday } from "../days.ts"

/** The kinds of reports, by the period that they are about. */
export const reportTypes = ["daily", "weekly", "monthly", "yearly", "custom"] as const

export type ReportType = (typeof reportTypes)[number]

/** Days of the calendar, both of them in it. */
export interface Period {
  start: string
  end: string
}

/** The latest period of a kind that was over at a moment, by the calendar of a zone: weeks begin on Monday. */
export function latestPeriod(type: Exclude<ReportType, "custom">, at: Date, zone: string): Period {
  const today = dayIn(zone, at)
  switch (type) {
    case "daily":
      return { start: addDays(today, -1), end: addDays(today, -1) }
    case "weekly": {
      const monday = addDays(today, -((weekday(today) + 6) % 7))
      return { start: addDays(monday, -7), end: addDays(monday, -1) }
    }
    case "monthly": {
      const month = addMonths(monthOf(today), -1)
      return { start: `${month}-01`, end: dayOfMonth(month, 31) }
    }
    case "yearly": {
      const year = Number(today.slice(0, 4)) - 1
      return { start: `${year}-01-01`, end: `${year}-12-31` }
    }
  }
}

/** The period of the same length right before; before a whole month or year, the month or year before. */
export function periodBefore({ start, end }: Period): Period {
  const before = addDays(start, -1)
  const isMonth = start === `${monthOf(start)}-01` && end === dayOfMonth(monthOf(start), 31)
  const isYear = start.endsWith("-01-01") && end === `${start.slice(0, 4)}-12-31`
  if (isMonth) return { start: `${monthOf(before)}-01`, end: before }
  if (isYear) return { start: `${before.slice(0, 4)}-01-01`, end: before }
  const days = (Date.parse(end) - Date.parse(start)) / 86_400_000
  return { start: addDays(before, -days), end: before }
}
