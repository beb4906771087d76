import { addDays, weekday } from "./days.ts"

/** Months and days of the national holidays (Lei 662/1949, Lei 6.802/1980). */
const FIXED = [
  ["01-01", "Confraternização Universal"],
  ["04-21", "Tiradentes"],
  ["05-01", "Dia do Trabalho"],
  ["09-07", "Independência do Brasil"],
  ["10-12", "Nossa Senhora Aparecida"],
  ["11-02", "Finados"],
  ["11-15", "Proclamação da República"],
  ["12-25", "Natal"],
] as const

/** Lei 14.759/2023. */
const ZUMBI = { day: "11-20", name: "Dia Nacional de Zumbi e da Consciência Negra", since: 2024 }

/** Days from Easter on which no bank of the country opens (Resolução CMN 4.880/2020). */
const FROM_EASTER = [
  [-48, "Carnaval"],
  [-47, "Carnaval"],
  [-2, "Paixão de Cristo"],
  [60, "Corpus Christi"],
] as const

const known = new Map<number, Map<string, string>>()

/** The days of a year that are no business days in all of Brazil though they may be no weekend, each with its name. */
export function holidaysOf(year: number): ReadonlyMap<string, string> {
  const made = known.get(year) ?? findHolidays(year)
  known.set(year, made)
  return made
}

/** Whether money moves on a day between banks: neither a weekend nor a national holiday. */
export const isBusinessDay = (day: string): boolean =>
  weekday(day) % 6 !== 0 && !holidaysOf(Number(day.slice(0, 4))).has(day)

/** The day itself when it is a business day, else the next that is: until then what is due on it can be paid. */
export function nextBusinessDay(day: string): string {
  let next = day
  while (!isBusinessDay(next)) next = addDays(next, 1)
  return next
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876). */
export function easterOf(year: number): string {
  const golden = year % 19
  const [century, ofCentury] = [Math.floor(year / 100), year % 100]
  const leaps = Math.floor(century / 4)
  const lunar = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - leaps - lunar + 15) % 30
  const sunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * sunday) / 451)
  const place = epact + sunday - 7 * late + 114
  return `${year}-0${Math.floor(place / 31)}-${String((place % 31) + 1).padStart(2, "0")}`
}

function findHolidays(year: number): Map<string, string> {
  const easter = easterOf(year)
  const found = new Map<string, string>(FIXED.map(([day, name]) => [`${year}-${day}`, name]))
  for (const [days, name] of FROM_EASTER) found.set(addDays(easter, days), name)
  if (year >= ZUMBI.since) found.set(`${year}-${ZUMBI.day}`, ZUMBI.name)
  return found
}
