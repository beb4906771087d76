import { ownerFigures, ownerRows } from "../../../db/figures/owners.ts"
import { type Section, type Sought, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

/** What each owner has earned in the period. */
export async function ownersSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Proprietários",
      note: "Aluguéis recebidos no período menos estornos; a taxa de administração é a de cada contrato, arredondada em cada pagamento.",
      owner: "Proprietário",
      payments: "Pagamentos",
      gross: "Bruto",
      fee: "Taxa de administração",
      feeColumn: "Taxa",
      deductions: "Descontos",
      net: "Líquido",
      netFigure: "Repasse líquido",
    },
    en: {
      name: "Owners",
      note: "Rent received in the period less refunds; the administration fee is that of each contract, rounded for each payment.",
      owner: "Owner",
      payments: "Payments",
      gross: "Gross",
      fee: "Administration fee",
      feeColumn: "Fee",
      deductions: "Deductions",
      net: "Net",
      netFigure: "Net to owners",
    },
  })
  const { owners, grossCents, feeCents, deductionsCents, netCents } = await ownerFigures(scope, db)
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.netFigure, kind: "money", value: netCents },
      { label: words.fee, kind: "money", value: feeCents },
      { label: words.gross, kind: "money", value: grossCents },
      { label: words.deductions, kind: "money", value: deductionsCents },
    ],
    charts: [],
    ...tableOf(
      [
        { name: words.owner, kind: "text", weight: 4, of: ({ owner }) => owner },
        { name: words.payments, kind: "integer", of: ({ payments }) => payments },
        { name: words.gross, kind: "money", of: (row) => row.grossCents },
        { name: words.feeColumn, kind: "money", of: (row) => row.feeCents },
        { name: words.deductions, kind: "money", of: (row) => row.deductionsCents },
        { name: words.net, kind: "money", of: (row) => row.netCents },
      ],
      ownerRows(scope, db),
      owners,
    ),
    ...(owners > 0 && { totals: [null, null, grossCents, feeCents, deductionsCents, netCents] }),
  }
}
