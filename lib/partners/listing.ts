/** A property that is offered, as portals are told of it. Money is in cents. */
export interface Listing {
  id: number
  code: string
  title: string
  description: string
  type: "apartment" | "house" | "studio" | "store" | "office" | "warehouse" | "land"
  category: "venda" | "aluguel" | "temporada"
  rentCents: number | null
  priceCents: number | null
  condoCents: number
  iptuCents: number
  street: string
  number: string | null
  complement: string | null
  district: string | null
  city: string
  uf: string
  zipCode: string | null
  bedrooms: number
  bathrooms: number
  parkingSpaces: number
  areaM2: number | null
  features: string[]
  images: string[]
}

/** Who offers them. */
export interface Header {
  agency: string
  email: string | null
  phone: string | null
  /** By the clock of the agency: `2026-02-10T14:30:00`. */
  publishedAt: string
}
