/** Days from the one Excel calls 0 to 1970: it takes 1900 for a leap year, and with that is right from March 1900 on. */
const TO_1970 = 25_569

const FIRST_RIGHT = 61
const AFTER_LAST = 2_958_466

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d+)?$/

/** A day such as 2026-02-10 as Excel counts them; undefined for what it knows no number for. */
export const dayNumber = (date: string) => numberOf(DATE.exec(date))

/** A moment such as 2026-02-10 14:30:00, by whichever clock, as Excel counts days and their parts. */
export const momentNumber = (moment: string) => numberOf(MOMENT.exec(moment))

function numberOf(parts: RegExpExecArray | null): number | undefined {
  if (!parts) return undefined
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = 0] = parts
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second) + Number(fraction)
  const number = midnight / 86_400_000 + TO_1970 + seconds / 86_400
  return number >= FIRST_RIGHT && number < AFTER_LAST ? number : undefined
}
