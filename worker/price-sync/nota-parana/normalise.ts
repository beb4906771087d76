import { isGeohash } from "../../../lib/geohash.ts"
import { toGtin14 } from "../../../lib/gtin.ts"
import type { Offer, Store } from "../../../lib/offer.ts"
import { parseDecimal } from "./decimal.ts"
import type { DropReason } from "./drop-reason.ts"
import { isFabricatedNcm } from "./fabrication.ts"
import { parseMoment } from "./moment.ts"
import type { Row } from "./row.ts"

const HOUR = 3_600_000

/** Characters of an id, of a note's item or of a shop: what is longer is none, and no index takes it. */
const LONGEST_ID = 200

/** What a row is held against. */
export interface Wanted {
  /** GTIN-14 */
  gtin: string
  /** Milliseconds since 1970, as is `now`; what is older was not asked for. */
  since: number
  now: number
}

/** The offer that a row tells of, or why it is none. */
export function toOffer(row: Row | undefined, wanted: Wanted): Offer | DropReason {
  if (!row) return "malformed"
  if (isFabricatedNcm(row.ncm)) return "fabricated"
  if (toGtin14(row.gtin) !== wanted.gtin) return "other-product"
  const money = moneyOf(row)
  const observedAt = parseMoment(row.datahora)
  const sourceId = sourceIdOf(row)
  if (
    !money ||
    !observedAt ||
    !isId(sourceId) ||
    !isId(row.estabelecimento.codigo) ||
    !/^\d{8}$/.test(row.ncm)
  )
    return "malformed"
  if (money.isContradictory) return "contradictory"
  if (money.price <= 0) return "no-price"
  // A note that is dated later than five minutes from now is not accepted by the treasury.
  if (observedAt.getTime() > wanted.now + HOUR) return "future"
  if (observedAt.getTime() < wanted.since) return "past"
  return {
    sourceId,
    gtin: wanted.gtin,
    description: row.desc,
    ncm: row.ncm,
    price: money.price,
    discount: money.discount,
    observedAt,
    distance: parseDecimal(row.distkm, 3) ?? null,
    store: storeOf(row),
  }
}

const isId = (text: string | undefined): text is string => !!text && text.length <= LONGEST_ID

/** The id of the note's item; where there is none, what makes up one: the shop, the note, the product and the price. */
export function sourceIdOf({ id, nrdoc, gtin, valor, valor_tabela, estabelecimento }: Row) {
  if (id) return id
  if (!nrdoc || !estabelecimento.codigo) return undefined
  return [estabelecimento.codigo, nrdoc, toGtin14(gtin) ?? gtin, valor || valor_tabela].join("/")
}

/** Decimals that are kept until the price is known, since that of fuel has three. */
const PLACES = 4
const CENT = 10 ** (PLACES - 2)

/**
 * What was paid is the listed price less the discount, in cents. The row also says what was paid: where that differs by more
 * than a cent the row contradicts itself, and as nobody can tell which is true, neither is. Where only one of the two can be
 * read, it is taken.
 */
function moneyOf({ valor, valor_tabela, valor_desconto }: Row) {
  const listed = parseDecimal(valor_tabela, PLACES)
  const off = parseDecimal(valor_desconto || "0", PLACES)
  const paid = parseDecimal(valor, PLACES)
  const difference = listed === undefined || off === undefined ? undefined : listed - off
  const price = difference ?? paid
  if (price === undefined) return undefined
  return {
    price: Math.round(price / CENT),
    discount: Math.max(0, Math.round((off ?? 0) / CENT)),
    isContradictory: paid !== undefined && Math.abs(paid - price) > CENT,
  }
}

function storeOf({ local, estabelecimento: shop }: Row): Store {
  return {
    code: shop.codigo,
    name: shop.nm_fan || shop.nm_emp,
    legalName: shop.nm_emp,
    street: `${shop.tp_logr} ${shop.nm_logr}`.trim(),
    number: shop.nr_logr,
    district: shop.bairro,
    city: shop.mun,
    uf: shop.uf,
    geohash: isGeohash(local) ? local : null,
  }
}
