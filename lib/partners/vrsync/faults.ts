import type { Header, Listing } from "../listing.ts"
import { picturesOf, STATES } from "./words.ts"
import { isXmlText } from "./xml.ts"

/** Cents of the largest price that is believed. */
const MOST = 100_000_000_000

const lengthOf = (text: string) => [...text.trim()].length

const HTML = /<[a-z!/?]/i

/**
 * Why a listing cannot be in a VRSync feed as it is: portals drop what is not right, or show it wrong. Nothing is cut to
 * fit, and nothing made up. https://developers.grupozap.com/feeds/vrsync
 */
export function faultsOf(listing: Listing, { agency, email, phone }: Header): string[] {
  return [
    ...ofTexts(listing),
    ...ofPrice(listing),
    ...ofSizes(listing),
    ...ofPlace(listing),
    ...ofPictures(listing),
    ![agency, email ?? "", phone ?? ""].every(isXmlText) &&
      "there are control characters in how the agency is called or reached",
    email === null && "the agency has no e-mail address, which every listing has to name",
  ].filter((fault) => fault !== false)
}

type Fault = string | false

const ofTexts = ({ code, title, description, ...rest }: Listing): Fault[] => [
  !isWithin(lengthOf(code), 1, 50) && `its code has ${lengthOf(code)} characters: 1 to 50 are taken`,
  !isWithin(lengthOf(title), 10, 100) && `its title has ${lengthOf(title)} characters: 10 to 100 are taken`,
  !isWithin(lengthOf(description), 50, 3_000) &&
    `its description has ${lengthOf(description)} characters: 50 to 3,000 are taken`,
  /[\r\n]/.test(title.trim()) && "its title has more than one line",
  HTML.test(title) && "there is HTML in its title",
  HTML.test(description) && "there is HTML in its description",
  ![code, title, description, rest.street, rest.number, rest.complement, rest.district, rest.city].every(
    (text) => text === null || isXmlText(text),
  ) && "there are characters in it that no XML may have, such as control characters",
]

function ofPrice({ category, rentCents, priceCents }: Listing): Fault[] {
  const cents = category === "venda" ? priceCents : rentCents
  const what = category === "venda" ? "its price" : "its rent"
  if (cents === null) return [`${what} is not known`]
  return [
    category === "temporada" && "it is let for the season: its price a day is not known",
    cents % 100 !== 0 && `${what} has cents: whole reais are taken`,
    !isWithin(cents, 100, MOST) && `${what} is not believed: it is R$ 1 to 1,000,000,000`,
  ]
}

const ofSizes = ({ type, areaM2, bedrooms, bathrooms }: Listing): Fault[] => [
  areaM2 === null && "its area is not known",
  (type === "apartment" || type === "house") && bedrooms === 0 && "it has no bedrooms",
  type !== "land" && bathrooms === 0 && "it has no bathrooms",
]

const ofPlace = ({ uf, district, zipCode }: Listing): Fault[] => [
  STATES[uf] === undefined && `${uf} is no state`,
  district === null && "its district is not known",
  zipCode === null && "its postal code is not known",
]

function ofPictures(listing: Listing): Fault[] {
  const { length } = picturesOf(listing)
  return [
    !isWithin(length, 5, 50) &&
      `it has ${length} pictures: 5 to 50 are taken, as JPG, each at a URL of its own`,
  ]
}

const isWithin = (number: number, least: number, most: number) => number >= least && number <= most
