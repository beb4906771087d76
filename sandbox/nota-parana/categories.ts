import { products } from "./products.ts"
import type { Query } from "./query.ts"
import { matches } from "./search.ts"

const names: Record<number, string> = {
  2: "Leite e derivados",
  5: "Cafés e chás",
  6: "Cereais",
  7: "Farinhas",
  9: "Ceras e gorduras",
  10: "Prep. de carnes",
  11: "Confeitaria",
  12: "Conservas",
  13: "Preparos",
  14: "Alim. animais",
  22: "Limpeza",
  54: "Massas",
  55: "Bebidas",
  62: "Higiene e limpeza",
  63: "Chocolates",
}

/** The answer to `/categorias`: those in which products of a term are found, the fullest first. */
export function categoriesOf(query: Query) {
  const counts = new Map<number, number>()
  for (const product of products)
    if (matches(product, { ...query, categoria: "" }))
      counts.set(product.category, (counts.get(product.category) ?? 0) + 1)
  const categorias = [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([id, qtd]) => ({ id, qtd, desc: names[id] }))
  return { local: query.local, tempo: 3, termo: query.termo, regiao: "MARINGA", categorias }
}
