import { childOf, childrenOf, type Element, textOf } from "./tree.ts"

/** What VRSync lets stand in an element: the elements in it, each once at most unless it says `many`; those that have to be there. */
const CONTENTS: Record<string, { required: string[]; optional?: string[]; many?: string[] }> = {
  ListingDataFeed: { required: ["Header", "Listings"] },
  Header: { required: ["Provider", "Email", "ContactName", "PublishDate"], optional: ["Telephone", "Logo"] },
  Listings: { required: [], many: ["Listing"] },
  Listing: {
    required: ["ListingID", "Title", "TransactionType", "Media", "Details", "Location", "ContactInfo"],
    optional: ["PublicationType", "Featured"],
  },
  Media: { required: [], many: ["Item"] },
  Details: {
    required: ["UsageType", "PropertyType", "Description"],
    optional: [
      ...[
        "ListPrice",
        "RentalPrice",
        "PropertyAdministrationFee",
        "Iptu",
        "LivingArea",
        "LotArea",
        "Bedrooms",
      ],
      ...["Bathrooms", "Suites", "Garage", "Features"],
    ],
  },
  Features: { required: [], many: ["Feature"] },
  Location: {
    required: ["Country", "State", "City", "Neighborhood", "PostalCode"],
    optional: ["Zone", "Address", "StreetNumber", "Complement", "Latitude", "Longitude"],
  },
  ContactInfo: { required: ["Name", "Email"], optional: ["Telephone", "Logo"] },
}

const USES = ["Residential", "Commercial", "Residential / Commercial"]

const TYPES = [
  ...[
    "Apartment",
    "Home",
    "Condo",
    "Sobrado",
    "Kitnet",
    "Flat",
    "Land Lot",
    "Farm Ranch",
    "Agricultural",
  ].map((type) => `Residential / ${type}`),
  ...["Office", "Business", "Retail", "Industrial", "Building"].map((type) => `Commercial / ${type}`),
]

const FEATURES = ["Pool", "BBQ", "Elevator", "Furnished", "Pets Allowed", "Concierge 24h"]

const HTML = /<\/?[a-z][^>]*>/i

/** What an element has that it may not have, or has not; and so on within it. */
export function contentFaults(element: Element, namespace: string): string[] {
  const content = CONTENTS[element.name]
  const known = [...(content?.required ?? []), ...(content?.optional ?? [])]
  const own = [
    element.namespace !== namespace && `${element.name} is of the namespace "${element.namespace}"`,
    content && element.text.trim() !== "" && `there is text between the elements of ${element.name}`,
    ...(content?.required ?? []).map(
      (name) => childrenOf(element, name).length === 0 && `${element.name} has no ${name}`,
    ),
    ...known.map(
      (name) => childrenOf(element, name).length > 1 && `${element.name} has more than one ${name}`,
    ),
    ...element.children.map(
      ({ name }) => ![...known, ...(content?.many ?? [])].includes(name) && `${element.name} has a ${name}`,
    ),
  ].filter((fault) => fault !== false && fault !== undefined)
  return [...own, ...element.children.flatMap((child) => contentFaults(child, namespace))]
}

/** What is wrong with what a listing says. */
export function listingFaults(listing: Element): string[] {
  const [media, details, location] = ["Media", "Details", "Location"].map((name) => childOf(listing, name))
  const said = (name: string) => textOf(details, name)
  const [type, transaction = ""] = [said("PropertyType") ?? "", textOf(listing, "TransactionType")]
  const isLand = /Land Lot|Farm Ranch|Agricultural/.test(type)
  const isHome = /Apartment|Home|Condo|Sobrado/.test(type)
  const faults: [boolean, string][] = [
    [isLong(textOf(listing, "ListingID"), 1, 50), "ListingID"],
    [isLong(textOf(listing, "Title"), 10, 100) && !HTML.test(textOf(listing, "Title")!), "Title"],
    [isLong(said("Description"), 50, 3_000) && !HTML.test(said("Description")!), "Description"],
    [["For Sale", "For Rent", "Sale/Rent"].includes(transaction), "TransactionType"],
    [/Sale/.test(transaction) === (said("ListPrice") !== undefined), "ListPrice by TransactionType"],
    [/Rent/.test(transaction) === (said("RentalPrice") !== undefined), "RentalPrice by TransactionType"],
    ...["ListPrice", "RentalPrice", "PropertyAdministrationFee", "Iptu"].map((name): [boolean, string] => [
      isMoney(childOf(details, name), name),
      name,
    ]),
    [USES.includes(said("UsageType") ?? ""), "UsageType"],
    [TYPES.includes(type), "PropertyType"],
    [isArea(childOf(details, isLand ? "LotArea" : "LivingArea")), "area"],
    [!isHome || isCount(said("Bedrooms")), "Bedrooms"],
    [isLand || isCount(said("Bathrooms")), "Bathrooms"],
    [(childOf(details, "Features")?.children ?? []).every(({ text }) => FEATURES.includes(text)), "Feature"],
    [["All", "Street", "Neighborhood"].includes(location?.attributes.displayAddress ?? ""), "displayAddress"],
    [childOf(location, "Country")?.attributes.abbreviation === "BR", "Country"],
    [/^[A-Z]{2}$/.test(childOf(location, "State")?.attributes.abbreviation ?? ""), "State"],
    [/^\d{5}-\d{3}$/.test(textOf(location, "PostalCode") ?? ""), "PostalCode"],
    [arePictures(media?.children ?? []), "Media"],
  ]
  return faults.filter(([isRight]) => !isRight).map(([, what]) => what)
}

const isLong = (text: string | undefined, least: number, most: number) => {
  const { length } = [...(text ?? "")]
  return length >= least && length <= most
}

const PERIODS: Record<string, string[] | undefined> = {
  RentalPrice: ["Monthly", "Daily"],
  Iptu: ["Monthly", "Yearly"],
}

const isMoney = (element: Element | undefined, name: string) =>
  !element ||
  (/^[1-9]\d*$/.test(element.text) &&
    element.attributes.currency === "BRL" &&
    (PERIODS[name]?.includes(element.attributes.period ?? "") ?? true))

const isArea = (element: Element | undefined) =>
  element?.attributes.unit === "square metres" &&
  /^\d+(?:\.\d+)?$/.test(element.text) &&
  Number(element.text) > 0

const isCount = (text: string | undefined) => /^[1-9]\d*$/.test(text ?? "")

const arePictures = (items: Element[]) =>
  items.length >= 5 &&
  items.length <= 50 &&
  items.filter(({ attributes }) => attributes.primary === "true").length === 1 &&
  new Set(items.map(({ text }) => text)).size === items.length &&
  items.every(
    ({ text, attributes }) => attributes.medium === "image" && /^https?:\/\/\S+\.jpe?g$/i.test(text),
  )
