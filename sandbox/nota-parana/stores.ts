import { type Place, toGeohash } from "../../lib/geohash.ts"
import { opaque } from "./draw.ts"
import { type Market, markets } from "./markets.ts"
import { type Neighbour, neighbours } from "./neighbours.ts"
import { shout } from "./shout.ts"

/** A shop as the service knows it. */
export interface Store extends Place {
  /** Of the shop, and of the service's own making. */
  code: string
  geohash: string
  /** The categories it sells, all when not set. */
  shelves?: number[]
  /** How its fiscal notes differ from others': they come from different tills. */
  writes: { paddedGtin: boolean; timesWithoutZone: boolean; decimalComma: boolean }
  establishment: Record<string, string>
}

/** Every shop the service knows: first those of the demo, in their order. */
export const stores: Store[] = [...markets, ...neighbours].map(storeOf)

function storeOf(shop: Market & Pick<Neighbour, "shelves">, index: number): Store {
  const { legalName, street, number, latitude, longitude } = shop
  const code = opaque(20, legalName, street, number)
  return {
    code,
    latitude,
    longitude,
    geohash: `${toGeohash(index % 4 === 2 ? beside(shop) : shop, 10)}0`,
    ...(shop.shelves ? { shelves: shop.shelves } : {}),
    writes: {
      paddedGtin: index % 4 === 1,
      timesWithoutZone: index % 3 === 2,
      decimalComma: index % 5 === 3,
    },
    establishment: establishmentOf(shop, code, index),
  }
}

/** Some shops the service places about 150 m from where they are. */
function beside({ latitude, longitude }: Place): Place {
  return { latitude: latitude + 0.001, longitude: longitude - 0.001 }
}

function establishmentOf(shop: Market, codigo: string, index: number) {
  const [type = "", ...street] = shout(shop.street).split(" ")
  return {
    codigo,
    // One of the demo's markets has no name but its company's.
    nm_fan: index === 3 ? "" : shout(shop.name),
    nm_emp: shout(shop.legalName),
    tp_logr: index % 2 ? type : type.replace("AVENIDA", "AV"),
    nm_logr: street.join(" "),
    nr_logr: shop.number,
    complemento: index % 6 === 4 ? "LOJA 01" : "",
    bairro: shout(shop.district),
    // The accents of towns come and go.
    mun: index % 2 ? shop.city.toUpperCase() : shout(shop.city),
    uf: shop.uf,
    mesoreg: "NORTE CENTRAL PARANAENSE",
    microreg: shout(shop.city),
  }
}
