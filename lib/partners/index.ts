import { crm } from "./crm.ts"
import type { Partner } from "./define.ts"
import { hubspot } from "./hubspot.ts"
import { realEstatePortal } from "./real-estate-portal.ts"
import { salesforce } from "./salesforce.ts"
import { zapier } from "./zapier.ts"

/** Every partner there is. The job, the routes and what is kept all read this list. */
const partners = [realEstatePortal, zapier, crm, salesforce, hubspot] as const

export type PartnerName = (typeof partners)[number]["name"]

export const partnerNames = partners.map(({ name }) => name) as [PartnerName, ...PartnerName[]]

/** The partner of this name; undefined when there is none. */
export const partnerNamed = (name: string): Partner | undefined =>
  (partners as readonly Partner[]).find((partner) => partner.name === name)
