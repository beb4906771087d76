import type { Locale } from "../../lib/locale.ts"
import type { Cell, Kind } from "../documents/table.ts"

/** Writes cells for people: R$ 1.234,56, 10/02/2026, 12,5%. Nothing is an empty text. */
export function cellFormat(locale: Locale): (kind: Kind, value: Cell) => string {
  // Made once: to make one takes as long as to write a hundred cells.
  const money = new Intl.NumberFormat(locale, { style: "currency", currency: "BRL" })
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(locale, {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    timeZone: "UTC",
  })
  return (kind, value) => {
    if (value === null) return ""
    if (typeof value === "number") {
      if (kind === "money") return money.format(value / 100)
      return kind === "percent" ? percent.format(value / 100) : number.format(value)
    }
    return kind === "date" ? date.format(new Date(`${value}T00:00:00Z`)) : String(value)
  }
}
