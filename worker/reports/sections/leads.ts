import { type LeadsOfSource, leadFunnel } from "../../../db/figures/leads.ts"
import { percentOf, type Section, type Sought, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

/** How far the leads of the period have come. */
export async function leadsSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Interessados",
      note: "Quem chegou no período, e até onde veio até o fim dele. Cada etapa conta quem a alcançou ou passou por ela.",
      leads: "Interessados",
      contacted: "Contatados",
      visited: "Visitas",
      proposed: "Propostas",
      won: "Fechados",
      lost: "Perdidos",
      conversion: "Conversão",
      source: "Origem",
      chart: "Do interesse ao contrato",
      sources: {
        site: "Site",
        whatsapp: "WhatsApp",
        olx: "OLX",
        vivareal: "Viva Real",
        zapimoveis: "ZAP Imóveis",
        phone: "Telefone",
        "walk-in": "Balcão",
        referral: "Indicação",
        other: "Outra",
      },
    },
    en: {
      name: "Leads",
      note: "Who came in the period, and how far they have come by its end. Each stage counts who has reached it or passed it.",
      leads: "Leads",
      contacted: "Contacted",
      visited: "Visits",
      proposed: "Proposals",
      won: "Won",
      lost: "Lost",
      conversion: "Conversion",
      source: "Source",
      chart: "From interest to contract",
      sources: {
        site: "Site",
        whatsapp: "WhatsApp",
        olx: "OLX",
        vivareal: "Viva Real",
        zapimoveis: "ZAP Imóveis",
        phone: "Phone",
        "walk-in": "Walk-in",
        referral: "Referral",
        other: "Other",
      },
    },
  })
  const rows = await leadFunnel(scope, db)
  const sum = (of: (row: LeadsOfSource) => number) => rows.reduce((total, row) => total + of(row), 0)
  const stages = [
    { name: words.leads, of: ({ leads }: LeadsOfSource) => leads },
    { name: words.contacted, of: ({ contacted }: LeadsOfSource) => contacted },
    { name: words.visited, of: ({ visited }: LeadsOfSource) => visited },
    { name: words.proposed, of: ({ proposed }: LeadsOfSource) => proposed },
    { name: words.won, of: ({ won }: LeadsOfSource) => won },
  ]
  const lost = { name: words.lost, of: ({ lost }: LeadsOfSource) => lost }
  const [leads, won] = [sum(stages[0]!.of), sum(stages.at(-1)!.of)]
  const counts = [...stages, lost]
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.leads, kind: "integer", value: leads },
      { label: words.conversion, kind: "percent", value: percentOf(won, leads) },
      { label: words.won, kind: "integer", value: won },
      { label: words.lost, kind: "integer", value: sum(lost.of) },
    ],
    charts: [
      {
        title: words.chart,
        form: "funnel",
        kind: "integer",
        categories: stages.map(({ name }) => name),
        series: [{ name: words.leads, values: stages.map(({ of }) => sum(of)) }],
      },
    ],
    ...tableOf(
      [
        {
          name: words.source,
          kind: "text",
          weight: 3,
          of: ({ source }: LeadsOfSource) => (words.sources as Record<string, string>)[source] ?? source,
        },
        ...counts.map(({ name, of }) => ({ name, kind: "integer" as const, of })),
        { name: words.conversion, kind: "percent", of: (row) => percentOf(row.won, row.leads) },
      ],
      [rows],
      rows.length,
    ),
    ...(leads > 0 && { totals: [null, ...counts.map(({ of }) => sum(of)), percentOf(won, leads)] }),
  }
}
