import type { Market } from "./markets.ts"

/** A shop that is not of the demo's markets; `shelves` are the categories it sells when it does not sell all. */
export interface Neighbour extends Market {
  shelves?: number[]
}

const maringa = { city: "Maringá", uf: "PR" }

/** Shops nearby that are easily taken for one of the demo's markets, and some that are not. */
export const neighbours: Neighbour[] = [
  // The same company in another street, and in the same street at another number.
  {
    name: "Ipê Supermercado Mandacaru",
    legalName: "Ipê Comércio de Alimentos Ltda",
    street: "Avenida Mandacaru",
    number: "3010",
    district: "Vila Santa Izabel",
    ...maringa,
    latitude: -23.39871,
    longitude: -51.95937,
  },
  {
    name: "Ipê Supermercado Colombo",
    legalName: "Ipê Comércio de Alimentos Ltda",
    street: "Avenida Colombo",
    number: "9161",
    district: "Parque Industrial",
    ...maringa,
    latitude: -23.41904,
    longitude: -51.97811,
  },
  // Names that are nearly the same: in the same street, next door, and in the next town.
  {
    name: "Boa Safra Hortifrúti",
    legalName: "Boa Safra Hortifrutigranjeiros Ltda",
    street: "Avenida Brasil",
    number: "5120",
    district: "Zona 05",
    ...maringa,
    latitude: -23.42388,
    longitude: -51.95421,
  },
  {
    name: "Cerro Azul Conveniência",
    legalName: "Cerro Azul Conveniências Ltda",
    street: "Avenida Cerro Azul",
    number: "902",
    district: "Zona 02",
    ...maringa,
    latitude: -23.43311,
    longitude: -51.93648,
    shelves: [11, 13, 55, 63],
  },
  {
    name: "Mercado Boa Safra Sarandi",
    legalName: "J. R. Boa Safra Mercado Ltda",
    street: "Avenida Londrina",
    number: "655",
    district: "Centro",
    city: "Sarandi",
    uf: "PR",
    latitude: -23.44412,
    longitude: -51.87523,
  },
  {
    name: "Farmácia São José",
    legalName: "São José Medicamentos Ltda",
    street: "Avenida Morangueira",
    number: "1182",
    district: "Vila Morangueira",
    ...maringa,
    latitude: -23.40746,
    longitude: -51.92249,
    shelves: [22, 62],
  },
  {
    name: "Panificadora Mandacaru",
    legalName: "Panificadora e Confeitaria Mandacaru Ltda",
    street: "Avenida Mandacaru",
    number: "2198",
    district: "Parque das Laranjeiras",
    ...maringa,
    latitude: -23.40312,
    longitude: -51.95589,
    shelves: [2, 5, 13],
  },
  // Nobody's namesakes.
  {
    name: "",
    legalName: "Comercial de Alimentos Tupi Ltda",
    street: "Rua Néo Alves Martins",
    number: "2801",
    district: "Zona 01",
    ...maringa,
    latitude: -23.41832,
    longitude: -51.93397,
  },
  {
    name: "Supermercado Tropeiro",
    legalName: "Tropeiro Alimentos Ltda",
    street: "Avenida São Paulo",
    number: "1043",
    district: "Zona 08",
    ...maringa,
    latitude: -23.42795,
    longitude: -51.92214,
  },
  {
    name: "Mercado Marialva",
    legalName: "Uva Fina Mercado Ltda",
    street: "Avenida Cristóvão Colombo",
    number: "777",
    district: "Centro",
    city: "Marialva",
    uf: "PR",
    latitude: -23.48472,
    longitude: -51.79163,
  },
  // Outside of what is searched around Maringá.
  {
    name: "Ipê Supermercado Londrina",
    legalName: "Ipê Comércio de Alimentos Ltda",
    street: "Avenida Higienópolis",
    number: "1500",
    district: "Centro",
    city: "Londrina",
    uf: "PR",
    latitude: -23.31913,
    longitude: -51.16624,
  },
]
