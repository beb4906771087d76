import { EXPIRING, expiringRows, monthsOfRent, rentalMetrics } from "../../../db/figures/metrics.ts"
import { percentOf, type Section, type Sought, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

/** How the rentals of an agency stand at the end of the period. */
export async function metricsSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Carteira",
      note: `Posição no fim do período. Inadimplência: o que está em atraso do que venceu em doze meses. Receita recorrente: a taxa de administração de um mês. Abaixo, os contratos que terminam em até ${EXPIRING} dias.`,
      active: "Contratos ativos",
      vacancy: "Vacância",
      delinquency: "Inadimplência",
      recurring: "Receita recorrente",
      rent: "Aluguéis por mês",
      properties: "Imóveis para alugar",
      expiring: `Terminam em ${EXPIRING} dias`,
      openEnded: "Prazo indeterminado",
      chart: "Cobrado e recebido por mês",
      charged: "Cobrado",
      received: "Recebido",
      contract: "Contrato",
      property: "Imóvel",
      renter: "Locatário",
      monthly: "Aluguel",
      end: "Término",
      days: "Dias",
    },
    en: {
      name: "Portfolio",
      note: `As of the end of the period. Delinquency: what is overdue of what was due within twelve months. Recurring revenue: the administration fee of a month. Below, the contracts that end within ${EXPIRING} days.`,
      active: "Active contracts",
      vacancy: "Vacancy",
      delinquency: "Delinquency",
      recurring: "Recurring revenue",
      rent: "Rent a month",
      properties: "Homes to let",
      expiring: `Ending in ${EXPIRING} days`,
      openEnded: "Open-ended",
      chart: "Charged and received by month",
      charged: "Charged",
      received: "Received",
      contract: "Contract",
      property: "Property",
      renter: "Renter",
      monthly: "Rent",
      end: "Ends on",
      days: "Days",
    },
  })
  const metrics = await rentalMetrics(scope, db)
  const months = await monthsOfRent(scope, db)
  const monthName = new Intl.DateTimeFormat(locale, { month: "short", year: "2-digit", timeZone: "UTC" })
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.active, kind: "integer", value: metrics.activeContracts },
      { label: words.recurring, kind: "money", value: metrics.recurringCents },
      {
        label: words.vacancy,
        kind: "percent",
        value: percentOf(metrics.properties - metrics.occupied, metrics.properties),
      },
      {
        label: words.delinquency,
        kind: "percent",
        value: percentOf(metrics.overdueCents, metrics.chargedCents),
      },
      { label: words.rent, kind: "money", value: metrics.rentCents },
      { label: words.properties, kind: "integer", value: metrics.properties },
      { label: words.expiring, kind: "integer", value: metrics.expiring },
      { label: words.openEnded, kind: "integer", value: metrics.openEnded },
    ],
    charts: [
      {
        title: words.chart,
        form: "lines",
        kind: "money",
        categories: months.map(({ month }) =>
          monthName
            .format(new Date(`${month}-01`))
            .replace(/\.? de /, "/")
            .replace(".", ""),
        ),
        series: [
          { name: words.charged, values: months.map(({ chargedCents }) => chargedCents) },
          { name: words.received, values: months.map(({ receivedCents }) => receivedCents) },
        ],
      },
    ],
    ...tableOf(
      [
        { name: words.contract, kind: "text", weight: 1, of: ({ contract }) => contract },
        { name: words.renter, kind: "text", weight: 6, of: ({ renter }) => renter },
        { name: words.property, kind: "text", isBelow: true, of: ({ property }) => property },
        { name: words.monthly, kind: "money", of: ({ rentCents }) => rentCents },
        { name: words.end, kind: "date", of: ({ endDate }) => endDate },
        { name: words.days, kind: "integer", of: ({ daysLeft }) => daysLeft },
      ],
      expiringRows(scope, db),
      metrics.expiring,
    ),
  }
}
