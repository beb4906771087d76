import { AGES, overdueFigures, overdueRows } from "../../../db/figures/overdue.ts"
import { type Section, type Sought, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

/** All that is overdue at the end of the period, by age. */
export async function overdueSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Atrasos",
      note: "Tudo o que está vencido e não foi pago até o fim do período, de qualquer mês, sem multa e juros. Os dias contam a partir do vencimento, levado ao próximo dia útil.",
      open: "Em atraso",
      charges: "Cobranças em atraso",
      renters: "Locatários em atraso",
      oldest: `Há mais de ${AGES.at(-1)} dias`,
      renter: "Locatário",
      phone: "Telefone",
      contract: "Contrato",
      property: "Imóvel",
      due: "Vencimento",
      days: "Dias",
      charged: "Cobrado",
      chart: "Em atraso por idade",
      upTo: (from: number, to: number) => `${from} a ${to} dias`,
      beyond: (days: number) => `mais de ${days} dias`,
    },
    en: {
      name: "Overdue",
      note: "All that was due and has not been paid by the end of the period, of whatever month, without late fee and interest. Days count from the due date, moved to the next business day.",
      open: "Overdue",
      charges: "Overdue charges",
      renters: "Renters overdue",
      oldest: `For more than ${AGES.at(-1)} days`,
      renter: "Renter",
      phone: "Phone",
      contract: "Contract",
      property: "Property",
      due: "Due",
      days: "Days",
      charged: "Charged",
      chart: "Overdue by age",
      upTo: (from: number, to: number) => `${from} to ${to} days`,
      beyond: (days: number) => `over ${days} days`,
    },
  })
  const { openCents, charges, renters, ages } = await overdueFigures(scope, db)
  const categories = [
    ...AGES.map((days, age) => words.upTo((AGES[age - 1] ?? 0) + 1, days)),
    words.beyond(AGES.at(-1)!),
  ]
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.open, kind: "money", value: openCents },
      { label: words.charges, kind: "integer", value: charges },
      { label: words.renters, kind: "integer", value: renters },
      { label: words.oldest, kind: "money", value: ages.at(-1)!.openCents },
    ],
    charts: [
      {
        title: words.chart,
        form: "bars",
        kind: "money",
        categories,
        series: [{ name: words.open, values: ages.map((age) => age.openCents) }],
      },
    ],
    ...tableOf(
      [
        { name: words.renter, kind: "text", weight: 3.2, of: ({ renter }) => renter },
        { name: words.phone, kind: "text", weight: 2, of: ({ phone }) => phone },
        { name: words.contract, kind: "text", weight: 1.2, of: ({ contract }) => contract },
        { name: words.property, kind: "text", weight: 3.2, of: ({ property }) => property },
        { name: words.due, kind: "date", weight: 1.4, of: ({ payableUntil }) => payableUntil },
        { name: words.days, kind: "integer", weight: 0.8, of: ({ daysOverdue }) => daysOverdue },
        { name: words.charged, kind: "money", weight: 1.6, of: ({ totalCents }) => totalCents },
        { name: words.open, kind: "money", weight: 1.6, of: ({ openCents }) => openCents },
      ],
      overdueRows(scope, db),
    ),
    ...(charges > 0 && { totals: [null, null, null, null, null, null, null, openCents] }),
  }
}
