import { z } from "zod"

/** What becomes of a mailing, from its first recipient to its last mail. */
export const mailingStatus = z.enum(["draft", "sending", "paused", "completed", "cancelled"])
export type MailingStatus = z.output<typeof mailingStatus>

/**
 * What became of a recipient's mail: it waits, it is being handed over, the provider has taken it (`sent`), and what the provider
 * has told of it since. `refused`: the provider did not take it; `suppressed`: it was not to be sent, or not delivered, to that
 * address; `failed`: its chunk has failed, or the provider could not send it; `cancelled`: the mailing was, before its turn came.
 */
export const mailingOutcome = z.enum([
  "waiting",
  "sending",
  "sent",
  "delayed",
  "delivered",
  "bounced",
  "complained",
  "failed",
  "suppressed",
  "refused",
  "cancelled",
])
export type MailingOutcome = z.output<typeof mailingOutcome>

/** Recipients that are added at a time. */
export const MOST_RECIPIENTS = 1_000

/** Mails a minute, unless a mailing says otherwise. */
export const PER_MINUTE = 600
