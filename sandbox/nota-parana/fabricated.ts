import { draw, opaque, pick } from "./draw.ts"
import type { Query } from "./query.ts"
import type { Row } from "./rows.ts"
import { type Listing, listing } from "./search.ts"
import { stores } from "./stores.ts"

const STATES = ["AC", "AM", "BA", "CE", "GO", "MT", "PA", "PE", "RJ", "RS", "SE", "TO"]

/**
 * What the service answers to those it takes for robots: as many rows as it likes, whatever is asked for, of shops and towns
 * that do not exist. They betray themselves: the NCM has nine digits and begins with 320, and every shop is just where the
 * question came from.
 */
export function fabricate(query: Query, now: number): Listing {
  const asked = [query.local, query.gtin || query.termo, query.offset]
  const count = 12 + Math.floor(38 * draw("count", ...asked))
  const rows = Array.from({ length: count }, (_, index) => fabricatedRow(query, now, [...asked, index]))
  return listing(query.local, rows, count + Math.floor(900 * draw("total", ...asked)))
}

function fabricatedRow({ local, gtin, termo }: Query, now: number, seed: (string | number)[]): Row {
  const { establishment } = pick(stores, "shop", ...seed)
  const price = (1 + 98 * draw("price", ...seed)).toFixed(2)
  return {
    id: opaque(40, "false note", ...seed),
    local,
    desc: misspelt(termo || "PRODUTO", seed),
    ncm: `320${String(Math.floor(draw("ncm", ...seed) * 1e6)).padStart(6, "0")}`,
    cdanp: "",
    valor_desconto: "0.00",
    valor_tabela: price,
    valor: price,
    datahora: new Date(now - Math.floor(draw("time", ...seed) * 86_400_000)).toISOString(),
    tempo: "1 h",
    distkm: (20 * draw("distance", ...seed)).toFixed(3),
    gtin: gtin || "7891000000007",
    nrdoc: String(Math.floor(draw("document", ...seed) * 1e9)),
    estabelecimento: {
      ...establishment,
      codigo: opaque(20, "false shop", ...seed),
      nm_fan: misspelt(establishment.nm_fan ?? "", seed),
      nm_emp: misspelt(establishment.nm_emp ?? "", seed),
      mun: misspelt(establishment.mun ?? "", seed),
      uf: pick(STATES, "state", ...seed),
    },
  }
}

/** With two neighbouring letters changed about. */
function misspelt(text: string, seed: (string | number)[]): string {
  const at = Math.floor(draw("slip", ...seed) * (text.length - 1))
  return `${text.slice(0, at)}${text[at + 1] ?? ""}${text[at] ?? ""}${text.slice(at + 2)}`
}
