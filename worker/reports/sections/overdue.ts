import { AGES, overdueFigures, overdueRows } from "../../../db/figures/overdue.ts"
import { formatDate } from "../../../lib/format.ts"
import { formatPhone } from "../../../lib/phone.ts"
import { type Section, type Sought, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

/** All that is overdue at the end of the period, by age. */
export async function overdueSection({ scope, locale, db }: Sought): Promise<Section> {
  const day = formatDate(scope.asOf, locale)
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Atrasos",
      note: `Tudo o que está vencido e não foi pago até ${day}, de qualquer mês. Os dias contam a partir do vencimento, levado ao próximo dia útil; multa e juros são os de cada contrato até o mesmo dia, e o total é o que quita a cobrança nele.`,
      open: "Em aberto",
      overdue: "Em atraso, ao todo",
      payable: "Com multa e juros",
      lateFee: "Multa",
      interest: "Juros",
      total: "Total",
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
      note: `All that was due and has not been paid by ${day}, of whatever month. Days count from the due date, moved to the next business day; late fee and interest are those of each contract up to the same day, and the total is what settles the charge on it.`,
      open: "Open",
      overdue: "Overdue in all",
      payable: "With fee and interest",
      lateFee: "Late fee",
      interest: "Interest",
      total: "Total",
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
  const { openCents, lateFeeCents, interestCents, charges, renters, ages } = await overdueFigures(scope, db)
  const payableCents = openCents + lateFeeCents + interestCents
  const categories = [
    ...AGES.map((days, age) => words.upTo((AGES[age - 1] ?? 0) + 1, days)),
    words.beyond(AGES.at(-1)!),
  ]
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.overdue, kind: "money", value: openCents },
      { label: words.payable, kind: "money", value: payableCents },
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
        series: [{ name: words.overdue, values: ages.map((age) => age.openCents) }],
      },
    ],
    ...tableOf(
      [
        { name: words.renter, kind: "text", weight: 3.2, of: ({ renter }) => renter },
        { name: words.property, kind: "text", isBelow: true, of: ({ property }) => property },
        { name: words.contract, kind: "text", weight: 1.2, of: ({ contract }) => contract },
        { name: words.phone, kind: "text", isBelow: true, of: ({ phone }) => phone && formatPhone(phone) },
        { name: words.due, kind: "date", of: ({ payableUntil }) => payableUntil },
        { name: words.days, kind: "integer", of: ({ daysOverdue }) => daysOverdue },
        { name: words.open, kind: "money", of: ({ openCents }) => openCents },
        { name: words.charged, kind: "money", isBelow: true, of: ({ totalCents }) => totalCents },
        { name: words.lateFee, kind: "money", of: ({ lateFeeCents }) => lateFeeCents },
        { name: words.interest, kind: "money", isBelow: true, of: ({ interestCents }) => interestCents },
        {
          name: words.total,
          kind: "money",
          of: ({ openCents, lateFeeCents, interestCents }) => openCents + lateFeeCents + interestCents,
        },
      ],
      overdueRows(scope, db),
      charges,
    ),
    ...(charges > 0 && {
      totals: [
        null,
        null,
        null,
        null,
        null,
        null,
        openCents,
        null,
        lateFeeCents,
        interestCents,
        payableCents,
      ],
    }),
  }
}
