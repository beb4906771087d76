import type { Row } from "./rows.ts"
import type { Listing } from "./search.ts"

const DAY = 86_400_000

/** Ways in which a row can make no sense, one row after the other; each seventh is left whole. */
const faults: ((row: Row, now: number) => object)[] = [
  // It was paid twice what it cost.
  ({ valor_tabela }) => ({ valor: (2 * Number(valor_tabela)).toFixed(2) }),
  // More was taken off than it cost.
  ({ valor_tabela }) => ({ valor_desconto: valor_tabela, valor: "0.00" }),
  (_, now) => ({ datahora: new Date(now + 400 * DAY).toISOString() }),
  // Another product than the one asked for.
  () => ({ gtin: "7891000100103" }),
  () => ({ ncm: "320123456" }),
  () => ({ estabelecimento: null, valor_tabela: "a combinar" }),
  () => ({}),
]

/** A listing whose rows contradict themselves or the question. */
export const contradict = (listing: Listing, now: number) => ({
  ...listing,
  produtos: listing.produtos.map((row, index) => ({ ...row, ...faults[index % faults.length]!(row, now) })),
})
