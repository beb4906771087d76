/** Days from the one Excel calls 0 to 1970: it takes 1900 for a leap year, and with that is right from March 1900 on. */
const TO_1970 = 25_569

const FIRST_RIGHT = 61
const AFTER_LAST = 2_958_466

const DATE = /^\d{4}-\d\d-\d\d$/
const MOMENT = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?$/

/** A day such as 2026-02-10 as Excel counts them; undefined for what it knows no number for. */
export const dayNumber = (date: string) => (DATE.test(date) ? inRange(daysOf(date)) : undefined)

/** A moment such as 2026-02-10 14:30:00, by whichever clock, as Excel counts days and their parts. */
export function momentNumber(moment: string): number | undefined {
  if (!MOMENT.test(moment)) return undefined
  const seconds = twoDigits(moment, 11) * 3_600 + twoDigits(moment, 14) * 60 + Number(moment.slice(17))
  return inRange(daysOf(moment.slice(0, 10)) + seconds / 86_400)
}

/** Rows that follow each other are mostly of the same day. */
let known = { date: "1970-01-01", days: TO_1970 }

function daysOf(date: string) {
  if (date !== known.date) known = { date, days: Date.parse(`${date}T00:00:00Z`) / 86_400_000 + TO_1970 }
  return known.days
}

const twoDigits = (text: string, at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528

const inRange = (number: number) => (number >= FIRST_RIGHT && number < AFTER_LAST ? number : undefined)
