import { clip } from "../clip.ts"
import { formatCount, formatDate, formatPercent } from "../format.ts"
import type { Locale } from "../locale.ts"
import type { InvoiceItem } from "./content.ts"

/** Most characters of a label. */
const LONGEST = 80

/** What a part of an invoice is called. */
export const labelOf = (item: InvoiceItem, locale: Locale): string =>
  clip(locale === "en" ? inEnglish(item) : inPortuguese(item), LONGEST)

function inPortuguese(item: InvoiceItem): string {
  const percent = (rate: number) => formatPercent(rate, "pt-BR")
  switch (item.kind) {
    case "rent":
      return "Aluguel"
    case "condo":
      return "Condomínio"
    case "iptu":
      return "IPTU"
    case "extra":
      return said(item.description) ?? "Outros encargos"
    case "discount":
      return said(item.description) ?? "Desconto"
    case "paid":
      return `Já pago até ${formatDate(item.paidOn, "pt-BR")}`
    case "late-fee":
      return `Multa por atraso de ${percent(item.percent)}${item.condoPercent === null ? "" : `, do condomínio ${percent(item.condoPercent)}`}`
    case "interest":
      return `Juros de ${percent(item.percentMonth)} ao mês, ${formatCount(item.days, "day", "pt-BR")}`
  }
}

function inEnglish(item: InvoiceItem): string {
  const percent = (rate: number) => formatPercent(rate, "en")
  switch (item.kind) {
    case "rent":
      return "Rent"
    case "condo":
      return "Condominium fee"
    case "iptu":
      return "Property tax (IPTU)"
    case "extra":
      return said(item.description) ?? "Other charges"
    case "discount":
      return said(item.description) ?? "Discount"
    case "paid":
      return `Paid so far, until ${formatDate(item.paidOn, "en")}`
    case "late-fee":
      return `Late fee of ${percent(item.percent)}${item.condoPercent === null ? "" : `, on the condominium fee ${percent(item.condoPercent)}`}`
    case "interest":
      return `Interest of ${percent(item.percentMonth)} a month, ${formatCount(item.days, "day", "en")}`
  }
}

const said = (text: string | null) => text?.trim() || undefined
