import type postgres from "postgres"
import type { z } from "zod"
import { type Integration, isThere, listActive } from "../db/integrations.ts"
import { enqueueIn } from "../db/outbox.ts"
import { pool } from "../db/pool.ts"
import { takeInbound } from "../db/sync/inbound.ts"
import { describeLead } from "../db/sync/leads.ts"
import { clip } from "../lib/clip.ts"
import { propertyInquiryProps } from "../lib/emails/property-inquiry.ts"
import { email } from "../lib/jobs/email.ts"
import { integrationSync } from "../lib/jobs/integration-sync.ts"
import { notification } from "../lib/jobs/notification.ts"
import { partnerNamed } from "../lib/partners/index.ts"
import type { InboundLead } from "../lib/partners/lead.ts"
import { HttpError } from "./errors.ts"

type Tx = postgres.TransactionSql

const SOURCES: Partial<Record<InboundLead["source"], string>> = {
  olx: "OLX",
  vivareal: "VivaReal",
  zapimoveis: "ZAP Imóveis",
}

const WORDS = {
  "pt-BR": { unknown: "um imóvel não identificado", news: "Novo contato" },
  en: { unknown: "a property that is not known here", news: "New inquiry" },
}

/**
 * Keep a lead that has come by itself, and with it what follows: a mail and a notification to who looks after it, and word to the partners that are
 * told of leads. All of it once, or none; false when it had come before. Throws 401 when the integration was removed meanwhile.
 */
export const keepInbound = (integration: Integration, lead: InboundLead): Promise<boolean> =>
  pool().begin(async (tx) => {
    if (!(await isThere(integration.id, tx))) throw new HttpError(401, "Unauthorized")
    const kept = await takeInbound(integration, lead, tx)
    if (!kept) return false
    await tellBroker(kept.id, lead, tx)
    await tellPartners(integration, kept.id, tx)
    return true
  })

async function tellBroker(leadId: number, lead: InboundLead, tx: Tx) {
  const about = await describeLead(leadId, tx)
  if (!about) return
  const { brokerId, brokerName, brokerEmail, locale, timeZone, title } = about
  const { leadEmail, leadPhone } = propertyInquiryProps.shape
  const { unknown, news } = WORDS[locale]
  const data = {
    userName: clip(brokerName, 200),
    propertyTitle: clip(title ?? unknown, 200),
    leadName: clip(lead.name, 200),
    ...fitting("leadEmail", leadEmail, lead.email),
    ...fitting("leadPhone", leadPhone, lead.phone),
    ...(lead.message && { message: clip(lead.message, 4_000) }),
    ...fitting("source", propertyInquiryProps.shape.source, SOURCES[lead.source]),
    receivedAt: new Date().toISOString(),
    timeZone,
  }
  await enqueueIn(tx, email, { to: brokerEmail, template: "property-inquiry", locale, data })
  const told = { title: news, message: `${data.leadName}: ${data.propertyTitle}` }
  await enqueueIn(tx, notification, {
    ...told,
    userId: brokerId,
    category: "lead",
    dedupeKey: `lead/${leadId}`,
  })
}

/** What the mail takes of what came; the lead itself has all of it. */
const fitting = (name: string, schema: z.ZodType, value: unknown) =>
  value && schema.safeParse(value).success ? { [name]: value } : {}

async function tellPartners({ id, agencyId }: Integration, leadId: number, tx: Tx) {
  for (const other of await listActive({ agencyId }, tx)) {
    const { provider } = other
    if (other.id === id || !partnerNamed(provider)?.push?.entities.includes("lead")) continue
    const push = { agencyId, provider, action: "push", entityType: "lead", entityId: leadId } as const
    await enqueueIn(tx, integrationSync, push, {}, { name: `sync-${provider}` })
  }
}
