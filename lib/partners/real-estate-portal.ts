import { z } from "zod"
import { digestOf } from "../digest.ts"
import { secretMatcher } from "../secret.ts"
import { definePartner } from "./define.ts"
import { type InboundLead, looksLikeEmail, text } from "./lead.ts"
import { sharedSecret } from "./secret.ts"
import { closeFeed, listingElement, openFeed } from "./vrsync/document.ts"
import { faultsOf } from "./vrsync/faults.ts"

/** How much of where a property is portals show. */
const displayAddress = z.enum(["All", "Street", "Neighborhood"])

const asText = (longest: number) =>
  z
    .union([text(longest), z.number().transform(String)])
    .nullish()
    .transform((given) => given ?? null)
    .catch(null)

/**
 * What the portals of Grupo OLX send, of which only the listing has to be there: a lead is worth more than its form.
 * https://github.com/olxbr/crm-lead-integration
 */
const inbound = z.object({
  leadOrigin: asText(40),
  timestamp: asText(40),
  originLeadId: asText(200),
  clientListingId: z.union([text(200), z.number().transform(String)], {
    error: "the ListingID of the feed, which the lead is about",
  }),
  name: asText(300),
  email: asText(320),
  ddd: asText(4),
  phone: asText(40),
  phoneNumber: asText(40),
  message: asText(10_000),
})

const SOURCES: Record<string, InboundLead["source"]> = {
  vivareal: "vivareal",
  zap: "zapimoveis",
  grupozap: "zapimoveis",
  olx: "olx",
}

/** The portals of Grupo OLX (ZAP, VivaReal, OLX): they fetch a feed of what is offered, and send who asks after it. */
export const realEstatePortal = definePartner({
  name: "real-estate-portal",
  title: "Real estate portals (ZAP, VivaReal, OLX)",
  settings: z.strictObject({ displayAddress: displayAddress.default("Neighborhood") }),
  secrets: z.strictObject({
    feedToken: sharedSecret.describe("what the feed's address ends with, as `?token=`"),
    leadSecret: sharedSecret.describe("the SECRET_KEY that leads are sent with"),
  }),
  feed: {
    faultsOf,
    open: openFeed,
    listing: listingElement,
    close: closeFeed,
    isFor: (token, { feedToken }) => secretMatcher(feedToken)(token),
  },
  inbound: {
    async isFrom({ headers }, { leadSecret }) {
      const [, given = ""] = /^Basic +([A-Za-z\d+/=]+) *$/i.exec(headers.get("authorization") ?? "") ?? []
      return secretMatcher(`vivareal:${leadSecret}`)(Buffer.from(given, "base64").toString())
    },
    read: (body) => inbound.transform(toLead).safeParse(body),
  },
})

function toLead(given: z.output<typeof inbound>, context: z.core.$RefinementCtx): InboundLead {
  const { name, email, message, clientListingId, originLeadId } = given
  const phone = phoneOf(given)
  const called = name ?? email ?? phone
  if (called === null) {
    context.addIssue({
      code: "custom",
      path: ["name"],
      message: "somebody: a name, an e-mail address or a telephone",
    })
    return z.NEVER
  }
  const isAddress = email !== null && looksLikeEmail.test(email)
  return {
    externalId: originLeadId ?? `digest:${digestOf(JSON.stringify(given))}`,
    name: called,
    email: isAddress ? email.toLowerCase() : null,
    phone,
    // What is no address may still tell a person how to reach somebody.
    message:
      [message, isAddress || email === null ? null : `E-mail: ${email}`].filter(Boolean).join("\n\n") || null,
    interest: null,
    propertyCode: clientListingId,
    source: SOURCES[given.leadOrigin?.toLowerCase() ?? ""] ?? "other",
  }
}

/** With its area code, as telephones of Brazil are kept; whatever else was given as it is. */
function phoneOf({ ddd, phone, phoneNumber }: z.output<typeof inbound>): string | null {
  const given = phone === null ? phoneNumber : `${ddd ?? ""}${phone}`
  const digits = given?.replaceAll(/\D/g, "") ?? ""
  return /^\d{10,11}$/.test(digits) ? `+55${digits}` : given
}
