import type { Locale } from "./locale.ts"

/** Cents of a real as money: R$ 1.234,56, in English R$1,234.56. */
export const formatMoney = (cents: number, locale: Locale) =>
  new Intl.NumberFormat(locale, { style: "currency", currency: "BRL" }).format(cents / 100)

/** A rate: 2.5 is 2,5%. */
export const formatPercent = (percent: number, locale: Locale) =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(percent / 100)

/** A day of the calendar, `2026-02-10`: 10 de fevereiro de 2026; `full` names the day of the week as well. */
export const formatDate = (date: string, locale: Locale, dateStyle: "long" | "full" = "long") =>
  new Intl.DateTimeFormat(locale, { dateStyle, timeZone: "UTC" }).format(midnight(date))

/** Between the ends of a period: the first of them is not left alone at the end of a line. */
const UNTIL = { "pt-BR": "\u00a0a ", en: "\u00a0–\u00a0" } satisfies Record<Locale, string>

/** Two days of the calendar and those between: 1 a 31 de janeiro de 2026, in English January 1 – 31, 2026. */
export const formatPeriod = (start: string, end: string, locale: Locale) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" })
    .formatRange(midnight(start), midnight(end))
    .replace(/\s–\s/, UNTIL[locale])

/** A month of the calendar, `2026-02`: fevereiro de 2026. */
export const formatMonth = (month: string, locale: Locale) =>
  new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    midnight(`${month}-01`),
  )

/** A moment by the clock of a zone, which it names: 10 de fevereiro de 2026 às 14:30 BRT. */
export const formatInstant = (instant: string, locale: Locale, timeZone: string) =>
  new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(new Date(instant))

/** So many of a unit, in words: 3 dias. */
export const formatCount = (amount: number, unit: "day" | "hour" | "minute", locale: Locale) =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(amount)

/** Whole minutes in the largest unit that fits, hours up to a day: 90 minutos, 24 horas, 3 dias. */
export function formatDuration(minutes: number, locale: Locale) {
  const [hours, days] = [minutes / 60, minutes / 60 / 24]
  if (days > 1 && Number.isInteger(days)) return formatCount(days, "day", locale)
  if (Number.isInteger(hours)) return formatCount(hours, "hour", locale)
  return formatCount(minutes, "minute", locale)
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const

/** The size of a file of so many bytes: 1,4 MB. */
export function formatSize(bytes: number, locale: Locale) {
  const power = UNITS.findLastIndex((_, power) => power === 0 || bytes >= 1_000 ** power)
  const options = { style: "unit", unit: UNITS[power]!, maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(locale, options).format(bytes / 1_000 ** power)
}

const midnight = (date: string) => new Date(`${date}T00:00:00Z`)
