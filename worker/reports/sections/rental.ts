import { rentalFigures, rentalRows } from "../../../db/figures/rental.ts"
import { type Section, type Sought, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

/** What was charged in the period and what came of it. */
export async function rentalSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Aluguéis",
      note: "Cobranças que vencem no período e pagamentos recebidos nele. O recebido inclui multa e juros; do que vence fora do período, só ele aparece. Estornos aparecem à parte. Em aberto: o que falta pagar, sem multa e juros.",
      charged: "Cobrado",
      received: "Recebido",
      refunded: "Estornado",
      pending: "A vencer no período",
      overdue: "Atrasado no período",
      due: "Vencimento",
      contract: "Contrato",
      property: "Imóvel",
      renter: "Locatário",
      paidOn: "Pago em",
      open: "Em aberto",
      state: "Situação",
      chart: "Cobranças do período",
      states: {
        paid: "Pago",
        "partially-paid": "Pago em parte",
        pending: "A vencer",
        overdue: "Em atraso",
        refunded: "Estornado",
      },
    },
    en: {
      name: "Rents",
      note: "What is due in the period and what was paid in it. What was received has late fees and interest in it; of what is due at another time it alone is shown. Refunds are shown apart. Open: what is left to pay, without fee and interest.",
      charged: "Charged",
      received: "Received",
      refunded: "Refunded",
      pending: "Pending in the period",
      overdue: "Overdue in the period",
      due: "Due",
      contract: "Contract",
      property: "Property",
      renter: "Renter",
      paidOn: "Paid on",
      open: "Open",
      state: "State",
      chart: "Charges of the period",
      states: {
        paid: "Paid",
        "partially-paid": "Partly paid",
        pending: "Pending",
        overdue: "Overdue",
        refunded: "Refunded",
      },
    },
  })
  const figures = await rentalFigures(scope, db)
  const { chargedCents, receivedCents, refundedCents, pendingCents, overdueCents } = figures
  const settledCents = chargedCents - pendingCents - overdueCents
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.received, kind: "money", value: receivedCents },
      { label: words.overdue, kind: "money", value: overdueCents },
      { label: words.pending, kind: "money", value: pendingCents },
      { label: words.charged, kind: "money", value: chargedCents },
      { label: words.refunded, kind: "money", value: refundedCents },
    ],
    charts: [
      {
        title: words.chart,
        form: "bars",
        kind: "money",
        categories: [words.states.paid, words.states.pending, words.states.overdue],
        series: [{ name: words.charged, values: [settledCents, pendingCents, overdueCents] }],
      },
    ],
    ...tableOf(
      [
        { name: words.due, kind: "date", of: ({ dueDate }) => dueDate },
        { name: words.contract, kind: "text", isBelow: true, of: ({ contract }) => contract },
        { name: words.renter, kind: "text", of: ({ renter }) => renter },
        { name: words.property, kind: "text", isBelow: true, of: ({ property }) => property },
        { name: words.charged, kind: "money", of: ({ chargedCents }) => chargedCents },
        { name: words.received, kind: "money", of: ({ receivedCents }) => receivedCents },
        { name: words.open, kind: "money", of: ({ openCents }) => openCents || null },
        { name: words.paidOn, kind: "date", of: ({ paidOn }) => paidOn },
        { name: words.state, kind: "text", isBelow: true, of: ({ state }) => words.states[state] },
      ],
      rentalRows(scope, db),
      figures.rows,
    ),
    ...(figures.rows > 0 && {
      totals: [null, null, null, null, chargedCents, receivedCents, pendingCents + overdueCents, null, null],
    }),
  }
}
