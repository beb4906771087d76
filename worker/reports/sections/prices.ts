import {
  countPriced,
  marketBaskets,
  type PriceMovement,
  type PriceScope,
  priceMovements,
} from "../../../db/figures/prices.ts"
import type { Db } from "../../../db/pool.ts"
import type { Locale } from "../../../lib/locale.ts"
import { periodBefore } from "../../../lib/reports/period.ts"
import { type Section, tableOf } from "../section.ts"
import { inLanguage } from "../words.ts"

interface Sought {
  scope: PriceScope
  locale: Locale
  db: Db
}

/** Markets in a chart: more could not be told apart. */
const SHOWN = 12

/** What the same basket costs in each market. */
export async function basketsSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Mercados",
      note: "Pelo último preço de cada produto no período. A cesta tem os produtos que todos os mercados comparados vendem; fica fora da comparação quem vende menos da metade dos produtos do maior. Índice: o preço de seus produtos em relação à média dos mercados, 100%.",
      market: "Mercado",
      products: "Produtos",
      cheapest: "Mais baratos",
      basket: "Cesta",
      index: "Índice",
      cheapestMarket: "Mais barato",
      itsIndex: "Índice do mais barato",
      lowest: "Menor cesta",
      inBasket: "Produtos na cesta",
      chart: "Preços de cada mercado, em relação à média",
    },
    en: {
      name: "Markets",
      note: "By the latest price of each product in the period. In the basket are the products that every compared market sells; a market with less than half as many products as the largest is not compared. Index: what its products cost against the average of all markets, 100%.",
      market: "Market",
      products: "Products",
      cheapest: "Cheapest",
      basket: "Basket",
      index: "Index",
      cheapestMarket: "Cheapest",
      itsIndex: "Index of the cheapest",
      lowest: "Lowest basket",
      inBasket: "Products in the basket",
      chart: "Prices of each market against the average",
    },
  })
  const { products, markets } = await marketBaskets(scope, db)
  const compared = markets.filter(({ index }) => index !== null).slice(0, SHOWN)
  const baskets = markets.flatMap(({ basketCents }) => basketCents ?? [])
  return {
    name: words.name,
    note: words.note,
    figures: [
      { label: words.cheapestMarket, kind: "text", value: compared[0]?.market ?? null },
      { label: words.itsIndex, kind: "percent", value: shortened(compared[0]?.index) },
      { label: words.lowest, kind: "money", value: baskets.length ? Math.min(...baskets) : null },
      { label: words.inBasket, kind: "integer", value: products },
    ],
    charts: [
      {
        title: words.chart,
        form: "bars",
        kind: "percent",
        categories: compared.map(({ market }) => market),
        series: [{ name: words.index, values: compared.map(({ index }) => shortened(index)!) }],
      },
    ],
    ...tableOf(
      [
        { name: words.market, kind: "text", weight: 4, of: ({ market }) => market },
        { name: words.products, kind: "integer", of: ({ products }) => products },
        { name: words.cheapest, kind: "integer", of: ({ cheapest }) => cheapest },
        { name: words.basket, kind: "money", of: ({ basketCents }) => basketCents },
        { name: words.index, kind: "percent", of: ({ index }) => shortened(index) },
      ],
      [markets],
      markets.length,
    ),
  }
}

/** With one decimal. */
const shortened = (index: number | null = null) => index && Math.round(index * 10) / 10

/** How the price of each product has moved since the period before. */
export async function movementsSection({ scope, locale, db }: Sought): Promise<Section> {
  const words = inLanguage(locale, {
    "pt-BR": {
      name: "Produtos",
      note: "A média de todos os preços vistos no período, e a do período anterior de mesma duração.",
      product: "Produto",
      lowest: "Menor",
      market: "Onde",
      average: "Média",
      before: "Antes",
      change: "Variação",
    },
    en: {
      name: "Products",
      note: "The mean of all prices seen in the period, and that of the period before it, of the same length.",
      product: "Product",
      lowest: "Lowest",
      market: "Where",
      average: "Mean",
      before: "Before",
      change: "Change",
    },
  })
  return {
    name: words.name,
    note: words.note,
    figures: [],
    charts: [],
    ...tableOf<PriceMovement>(
      [
        { name: words.product, kind: "text", weight: 5.2, of: ({ product }) => product },
        { name: words.lowest, kind: "money", of: ({ lowestCents }) => lowestCents },
        { name: words.market, kind: "text", weight: 2.8, of: ({ market }) => market },
        { name: words.average, kind: "money", of: ({ averageCents }) => averageCents },
        { name: words.before, kind: "money", of: ({ beforeCents }) => beforeCents },
        { name: words.change, kind: "percent", of: ({ change }) => change },
      ],
      priceMovements(scope, periodBefore(scope), db),
      await countPriced(scope, db),
    ),
  }
}
