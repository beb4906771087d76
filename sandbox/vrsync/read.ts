import { contentFaults, listingFaults } from "./rules.ts"
import { childOf, childrenOf, parseXml, textOf } from "./tree.ts"

const NAMESPACE = "http://www.vivareal.com/schemas/1.0/VRSync"

/** A listing as a portal shows it. */
export interface Ad {
  id: string
  title: string
  description: string
  transaction: string
  price: number
  pictures: string[]
}

/** What a portal makes of a feed: its listings, and everything that is not as VRSync has it. Throws when it is not well-formed. */
export function readVrsync(xml: string): { ads: Ad[]; faults: string[] } {
  const root = parseXml(xml)
  const listings = childrenOf(childOf(root, "Listings") ?? root, "Listing")
  const ids = listings.map((listing) => textOf(listing, "ListingID") ?? "")
  const published = textOf(childOf(root, "Header"), "PublishDate") ?? ""
  const faults = [
    ...(root.name === "ListingDataFeed" ? contentFaults(root, NAMESPACE) : [`it is a ${root.name}`]),
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(published) ? [] : ["PublishDate"]),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`),
    ...listings.flatMap((listing, index) => listingFaults(listing).map((fault) => `${ids[index]}: ${fault}`)),
  ]
  const ads = listings.map((listing, index) => {
    const details = childOf(listing, "Details")
    return {
      id: ids[index]!,
      title: textOf(listing, "Title") ?? "",
      description: textOf(details, "Description") ?? "",
      transaction: textOf(listing, "TransactionType") ?? "",
      price: Number(textOf(details, "ListPrice") ?? textOf(details, "RentalPrice")),
      pictures: (childOf(listing, "Media")?.children ?? []).map(({ text }) => text),
    }
  })
  return { ads, faults }
}
