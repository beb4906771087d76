import { z } from "zod"
import type { ToldRecipient } from "../db/mailing-recipients.ts"
import type { Mailing } from "../db/mailings.ts"
import { type MailingOutcome, mailingOutcome, mailingStatus } from "../lib/mailings/outcome.ts"
import { redactText } from "../lib/redact.ts"

const time = z.iso.datetime().nullable()

/** A mailing as its routes tell it: without what it says. */
export const toldMailing = z.object({
  id: z.int(),
  key: z.string().nullable(),
  agencyId: z.int().nullable(),
  template: z.string(),
  list: z.string().nullable().describe("what its recipients can unsubscribe from"),
  locale: z.string(),
  perMinute: z.int(),
  status: mailingStatus,
  recipients: z.int(),
  createdBy: z.string(),
  decidedBy: z.string().describe("who has brought it to its status"),
  reason: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: time,
  endedAt: time,
  statusUrl: z.string(),
})

/** How far it is. */
export const toldProgress = toldMailing.extend({
  percentage: z.int().describe("of its recipients, those of whose mail it is known what became of it"),
  outcomes: z.partialRecord(mailingOutcome, z.int()).describe("its recipients, by what became of them"),
  opened: z.int(),
  clicked: z.int(),
})

/** One of its recipients. */
export const toldRecipient = z.object({
  to: z.string().describe("shortened, unless it is revealed"),
  outcome: mailingOutcome,
  error: z.string().nullable(),
  sentAt: time,
  deliveredAt: time,
  openedAt: time,
})

/** Tell a mailing. */
export const tellMailing = ({
  token,
  data,
  subject,
  sender,
  createdAt,
  startedAt,
  endedAt,
  reason,
  ...rest
}: Mailing): z.output<typeof toldMailing> => ({
  ...rest,
  reason: reason && redactText(reason),
  createdAt: createdAt.toISOString(),
  startedAt: startedAt?.toISOString() ?? null,
  endedAt: endedAt?.toISOString() ?? null,
  statusUrl: `/api/admin/mailings/${rest.id}`,
})

type Outcomes = Partial<Record<MailingOutcome, number>>

/** How much of a mailing is done, in percent: all of it only when all is. */
export function percentageOf(outcomes: Outcomes): number {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  const open = (outcomes.waiting ?? 0) + (outcomes.sending ?? 0)
  return all === 0 ? 0 : Math.floor((100 * (all - open)) / all)
}

/** Tell a recipient; their address whole when it is revealed. */
export function tellRecipient(
  { email, error, outcome, sentAt, deliveredAt, openedAt }: ToldRecipient,
  reveal: boolean,
): z.output<typeof toldRecipient> {
  const shown = (text: string) => (reveal ? text : redactText(text))
  return {
    to: shown(email),
    outcome,
    error: error && shown(error),
    sentAt: sentAt?.toISOString() ?? null,
    deliveredAt: deliveredAt?.toISOString() ?? null,
    openedAt: openedAt?.toISOString() ?? null,
  }
}
