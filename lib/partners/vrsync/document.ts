import type { Header, Listing } from "../listing.ts"
import { FEATURES, KINDS, picturesOf, STATES } from "./words.ts"
import { attribute, cdata } from "./xml.ts"

const NAMESPACE = "http://www.vivareal.com/schemas/1.0/VRSync"

const CURRENCY = 'currency="BRL"'

/** The beginning of a feed. */
export const openFeed = ({
  agency,
  email,
  phone,
  publishedAt,
}: Header): string => `<?xml version="1.0" encoding="UTF-8"?>
<ListingDataFeed xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${NAMESPACE} http://xml.vivareal.com/vrsync.xsd">
<Header>
<Provider>Esteira</Provider>
${email === null ? "" : `<Email>${cdata(email)}</Email>\n`}<ContactName>${cdata(agency)}</ContactName>
<PublishDate>${publishedAt}</PublishDate>
${phone === null ? "" : `<Telephone>${cdata(phone)}</Telephone>\n`}</Header>
<Listings>
`

export const closeFeed = (): string => "</Listings>\n</ListingDataFeed>\n"

/** A listing that nothing is wrong with. */
export const listingElement = (
  listing: Listing,
  header: Header,
  { displayAddress }: { displayAddress: string },
): string => `<Listing>
${[
  element("ListingID", listing.code),
  element("Title", listing.title),
  plain("TransactionType", listing.category === "venda" ? "For Sale" : "For Rent"),
  plain("PublicationType", "STANDARD"),
  media(listing),
  details(listing),
  place(listing, displayAddress),
  contact(header),
]
  .flat()
  .join("\n")}
</Listing>
`

const element = (name: string, text: string | null) =>
  text === null || text.trim() === "" ? [] : [`<${name}>${cdata(text)}</${name}>`]

const plain = (name: string, text: string | number, attributes = "") =>
  `<${name}${attributes && ` ${attributes}`}>${text}</${name}>`

const media = (listing: Listing) => [
  "<Media>",
  ...picturesOf(listing).map(
    (url, index) =>
      `<Item medium="image" caption="${attribute(`${listing.title.trim()} (${index + 1})`)}"${index === 0 ? ' primary="true"' : ""}>${cdata(url)}</Item>`,
  ),
  "</Media>",
]

function details(listing: Listing) {
  const { usage, type } = KINDS[listing.type]
  const { description, category, rentCents, priceCents, condoCents, iptuCents, areaM2 } = listing
  const features = listing.features.flatMap((feature) => FEATURES[feature.toLowerCase()] ?? [])
  return [
    "<Details>",
    plain("UsageType", usage),
    plain("PropertyType", type),
    ...element("Description", description),
    category === "venda"
      ? plain("ListPrice", priceCents! / 100, CURRENCY)
      : plain("RentalPrice", rentCents! / 100, `${CURRENCY} period="Monthly"`),
    // Nought stands for exempt there, and for not known here; and what has cents cannot be told.
    ...(isWhole(condoCents) ? [plain("PropertyAdministrationFee", condoCents / 100, CURRENCY)] : []),
    ...(isWhole(iptuCents) ? [plain("Iptu", iptuCents / 100, `${CURRENCY} period="Monthly"`)] : []),
    plain(listing.type === "land" ? "LotArea" : "LivingArea", areaM2!, 'unit="square metres"'),
    ...counted("Bedrooms", listing.bedrooms),
    ...counted("Bathrooms", listing.bathrooms),
    ...counted("Garage", listing.parkingSpaces),
    ...(features.length
      ? ["<Features>", ...new Set(features.map((feature) => plain("Feature", feature))), "</Features>"]
      : []),
    "</Details>",
  ]
}

const isWhole = (cents: number) => cents > 0 && cents % 100 === 0

const counted = (name: string, count: number) => (count > 0 ? [plain(name, count)] : [])

const place = (listing: Listing, displayAddress: string) => [
  `<Location displayAddress="${displayAddress}">`,
  '<Country abbreviation="BR">Brasil</Country>',
  `<State abbreviation="${listing.uf}">${STATES[listing.uf]}</State>`,
  ...element("City", listing.city),
  ...element("Neighborhood", listing.district),
  ...element("Address", listing.street),
  ...element("StreetNumber", listing.number),
  ...element("Complement", listing.complement),
  plain("PostalCode", listing.zipCode!.replace(/^(\d{5})(\d{3})$/, "$1-$2")),
  "</Location>",
]

const contact = ({ agency, email, phone }: Header) => [
  "<ContactInfo>",
  ...element("Name", agency),
  ...element("Email", email),
  ...element("Telephone", phone),
  "</ContactInfo>",
]
