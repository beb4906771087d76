import { z } from "zod"
import { templateNames } from "../../lib/emails/index.ts"
import { LIST_NAME } from "../../lib/emails/kinds.ts"
import { emailAddress, subject } from "../../lib/jobs/email.ts"
import { locale } from "../../lib/locale.ts"
import { mailbox } from "../../lib/mailbox.ts"
import { MOST_RECIPIENTS, mailingOutcome, PER_MINUTE } from "../../lib/mailings/outcome.ts"
import { pii } from "../../lib/pii.ts"
import { searchQuery } from "../requests.ts"

const data = pii(z.record(z.string().max(100), z.unknown()))

/** What is sent to put a mailing down. */
export const mailingRequest = z.strictObject({
  key: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("your own name for it: asked for again under the same, it is the same mailing"),
  template: z.enum(templateNames),
  data: data.default({}).describe("what its mails say to all; the data of each recipient go over it"),
  subject,
  from: pii(mailbox).optional(),
  locale: locale.default("pt-BR").describe("the language of recipients who have none of their own"),
  list: z
    .string()
    .max(60)
    .regex(LIST_NAME, { error: "small letters and digits, with hyphens between" })
    .optional()
    .describe("what its recipients can unsubscribe from; the template's name unless said otherwise"),
  agencyId: z.int().positive().optional().describe("whose list it is"),
  perMinute: z.int().min(1).max(100_000).default(PER_MINUTE).describe("mails a minute at most"),
})

/** What is sent to add recipients to a mailing. */
export const recipientsRequest = z.strictObject({
  recipients: z
    .array(z.strictObject({ to: emailAddress, data: data.default({}), locale: locale.optional() }))
    .min(1)
    .max(MOST_RECIPIENTS, { error: `at most ${MOST_RECIPIENTS} recipients at a time` }),
})

/** What may be sent to decide something of a mailing. */
export const decisionRequest = z.strictObject({
  reason: z.string().trim().min(1).max(500).optional().describe("why, for whoever looks at it later"),
})

/** Which page of the recipients of a mailing. */
export const recipientsQuery = z.strictObject({
  outcome: mailingOutcome.optional().describe("those alone that this became of"),
  reveal: z
    .stringbool()
    .default(false)
    .describe("show addresses whole; for admins, and told in the audit log"),
  ...searchQuery.shape,
})
