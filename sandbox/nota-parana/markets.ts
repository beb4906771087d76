import type { Place } from "../../lib/geohash.ts"

/** A market, or another shop, as its own people would describe it. */
export interface Market extends Place {
  name: string
  legalName: string
  street: string
  number: string
  district: string
  city: string
  uf: string
}

const maringa = { city: "Maringá", uf: "PR" }

/** The six markets of the demo, none of which exists; the first two are one company's. */
export const markets: Market[] = [
  {
    name: "Ipê Supermercado Zona 7",
    legalName: "Ipê Comércio de Alimentos Ltda",
    street: "Avenida Colombo",
    number: "4820",
    district: "Zona 07",
    ...maringa,
    latitude: -23.41073,
    longitude: -51.93874,
  },
  {
    name: "Ipê Supermercado Alvorada",
    legalName: "Ipê Comércio de Alimentos Ltda",
    street: "Avenida Alexandre Rasgulaeff",
    number: "1520",
    district: "Jardim Alvorada",
    ...maringa,
    latitude: -23.39862,
    longitude: -51.91705,
  },
  {
    name: "Mercado Boa Safra",
    legalName: "Boa Safra Supermercados Ltda",
    street: "Avenida Brasil",
    number: "3655",
    district: "Zona 01",
    ...maringa,
    latitude: -23.42101,
    longitude: -51.93846,
  },
  {
    name: "Atacado Cerro Azul",
    legalName: "Cerro Azul Atacadista S.A.",
    street: "Avenida Cerro Azul",
    number: "890",
    district: "Zona 02",
    ...maringa,
    latitude: -23.43297,
    longitude: -51.93652,
  },
  {
    name: "Supermercados Mandacaru",
    legalName: "Mandacaru Supermercados Eireli",
    street: "Avenida Mandacaru",
    number: "2210",
    district: "Parque das Laranjeiras",
    ...maringa,
    latitude: -23.40304,
    longitude: -51.95598,
  },
  {
    name: "Empório São José",
    legalName: "São José Comércio de Gêneros Alimentícios Ltda",
    street: "Avenida Morangueira",
    number: "1180",
    district: "Vila Morangueira",
    ...maringa,
    latitude: -23.40748,
    longitude: -51.92253,
  },
]
