/** A price that a store has sold something for, as its fiscal note tells it. */
export interface Offer {
  /** Names the note's item, for good. */
  sourceId: string
  gtin14: string
  priceCents: number
  observedAt: Date
  /** What the store calls it. */
  description: string
  store: Store
}

/** A store as its notes tell of it; empty where they do not. */
export interface Store {
  code: string
  name: string
  legalName: string
  street: string
  number: string
  district: string
  /** In whatever capitals and with whatever accents. */
  city: string
  uf: string
  /** To within some 150 m; null when unknown. */
  geohash: string | null
}
