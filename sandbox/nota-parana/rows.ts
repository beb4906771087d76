import { fromGeohash, type Place } from "../../lib/geohash.ts"
import type { Sale } from "./sales.ts"
import { shout } from "./shout.ts"

/** A row of the service's answer: every field is text. */
export interface Row {
  id: string
  local: string
  desc: string
  ncm: string
  cdanp: string
  valor_desconto: string
  valor_tabela: string
  valor: string
  datahora: string
  tempo: string
  distkm: string
  gtin: string
  nrdoc: string
  estabelecimento: Record<string, string>
}

/** A sale as the service tells it to one who asks from a place. */
export function rowOf(sale: Sale, local: string, now: number): Row {
  const { product, store, at } = sale
  const { writes } = store
  const time = new Date(at).toISOString()
  const kilometres = distance(fromGeohash(local), store).toFixed(3)
  return {
    id: sale.id,
    local: store.geohash,
    desc: shout(`${product.name} ${product.brand} ${product.unit.replace(" ", "")}`).slice(0, 60),
    ncm: product.ncm,
    cdanp: "",
    valor_desconto: reais(sale.discount),
    valor_tabela: reais(sale.listed),
    valor: reais(sale.listed - sale.discount),
    datahora: writes.timesWithoutZone ? time.slice(0, 19) : time,
    tempo: `${Math.floor((now - at) / 3_600_000)} h`,
    distkm: writes.decimalComma ? kilometres.replace(".", ",") : kilometres,
    gtin: writes.paddedGtin ? product.gtin.padStart(14, "0") : product.gtin,
    nrdoc: sale.document,
    estabelecimento: store.establishment,
  }
}

const EARTH = 6_371

/** Kilometres between two places as the crow flies. */
export function distance(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const half = (a: number, b: number) => Math.sin(radians(a - b) / 2) ** 2
  const across =
    half(one.latitude, other.latitude) +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * half(one.longitude, other.longitude)
  return 2 * EARTH * Math.asin(Math.sqrt(across))
}

const reais = (cents: number) => (cents / 100).toFixed(2)
