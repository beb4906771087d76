/** A shop as Nota Paraná knows it. */
export interface Store {
  /** Nota Paraná's own key of the shop, which stays. */
  code: string
  /** What stands over its door; its company's name when it has said no other. */
  name: string
  legalName: string
  /** Kind and name, `AV BRASIL`. */
  street: string
  number: string
  district: string
  /** In capitals; its accents come and go. */
  city: string
  uf: string
  /** Where it is, to within some 150 m; null when Nota Paraná does not say. */
  geohash: string | null
}

/** What was paid for a product in a shop, as a fiscal note has it. */
export interface Offer {
  /** Names the item of the note, in every search and for ever: what was stored under it is not stored again. */
  sourceId: string
  /** GTIN-14, always the one that was asked for. */
  gtin: string
  /** In the shop's words. */
  description: string
  /** Eight digits. */
  ncm: string
  /** Cents, after the discount; always more than 0. */
  price: number
  /** Cents that were taken off. */
  discount: number
  observedAt: Date
  /** Metres from where the search was made; null when Nota Paraná does not say. */
  distance: number | null
  store: Store
}
