import type { Listing } from "../listing.ts"

/** What VRSync calls a kind of property: its use, and its type. */
export const KINDS: Record<Listing["type"], { usage: string; type: string }> = {
  apartment: { usage: "Residential", type: "Residential / Apartment" },
  house: { usage: "Residential", type: "Residential / Home" },
  studio: { usage: "Residential", type: "Residential / Kitnet" },
  store: { usage: "Commercial", type: "Commercial / Retail" },
  office: { usage: "Commercial", type: "Commercial / Office" },
  warehouse: { usage: "Commercial", type: "Commercial / Industrial" },
  land: { usage: "Residential", type: "Residential / Land Lot" },
}

/** What VRSync calls features; what it has no word for is not told. */
export const FEATURES: Record<string, string> = {
  "aceita animais": "Pets Allowed",
  churrasqueira: "BBQ",
  elevador: "Elevator",
  mobiliado: "Furnished",
  piscina: "Pool",
  "portaria 24 horas": "Concierge 24h",
}

/** The states, by their abbreviation. */
export const STATES: Record<string, string> = {
  AC: "Acre",
  AL: "Alagoas",
  AM: "Amazonas",
  AP: "Amapá",
  BA: "Bahia",
  CE: "Ceará",
  DF: "Distrito Federal",
  ES: "Espírito Santo",
  GO: "Goiás",
  MA: "Maranhão",
  MG: "Minas Gerais",
  MS: "Mato Grosso do Sul",
  MT: "Mato Grosso",
  PA: "Pará",
  PB: "Paraíba",
  PE: "Pernambuco",
  PI: "Piauí",
  PR: "Paraná",
  RJ: "Rio de Janeiro",
  RN: "Rio Grande do Norte",
  RO: "Rondônia",
  RR: "Roraima",
  RS: "Rio Grande do Sul",
  SC: "Santa Catarina",
  SE: "Sergipe",
  SP: "São Paulo",
  TO: "Tocantins",
}

/** The pictures that VRSync takes, each once: of its one format. */
export const picturesOf = ({ images }: Pick<Listing, "images">): string[] => [
  ...new Set(images.filter(isPicture)),
]

const isPicture = (image: string) =>
  image.length <= 2_000 && URL.canParse(image) && /^https?:\/\/[^?#\s]+\.jpe?g(?:[?#]\S*)?$/i.test(image)
