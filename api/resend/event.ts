import { z } from "zod"
import type { EmailEvent } from "../../db/email-events.ts"

/** Characters of the provider's reason that are kept. */
const LONGEST_REASON = 500

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((time) => time.getUTCFullYear() >= 2000 && time.getUTCFullYear() < 2100, {
    error: "a time of this century",
  })

const text = z.string().transform((text) => text.replaceAll("\0", "").slice(0, LONGEST_REASON))

const data = z.object({ email_id: z.string().regex(/^[\w-]{1,100}$/) })

const event = <Type extends string, Told extends z.ZodRawShape>(type: Type, told: Told) =>
  z.object({ type: z.literal(type), created_at: moment, data: data.extend(told) })

/** https://resend.com/docs/webhooks/event-types, as far as they tell what becomes of a mail. */
const resendEvent = z.discriminatedUnion("type", [
  event("email.sent", {}),
  event("email.delivered", {}),
  event("email.delivery_delayed", {}),
  event("email.complained", {}),
  event("email.opened", {}),
  event("email.clicked", {}),
  event("email.bounced", { bounce: z.object({ type: z.string(), message: text.optional() }) }),
  event("email.failed", { failed: z.object({ reason: text }).optional() }),
  event("email.suppressed", { suppressed: z.object({ message: text }).optional() }),
])

/** What is sent to the webhook, for its page of the reference. */
export const resendWebhook = z.looseObject({
  type: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  data: z.looseObject({ email_id: z.string() }),
})

const TYPES = new Set<unknown>(resendEvent.options.flatMap((option) => option.shape.type.value))

/**
 * What a webhook tells; undefined for what is no event of a mail. `Permanent`: there is no such address; else it did not take the
 * mail this time. Throws a ZodError for an event that is not as it has to be.
 */
export function readEvent(id: string, sent: unknown): EmailEvent | undefined {
  const { type } = z.object({ type: z.string() }).parse(sent)
  if (!TYPES.has(type)) return undefined
  const told = resendEvent.parse(sent)
  return {
    id,
    type,
    providerId: told.data.email_id,
    bounce: told.type !== "email.bounced" ? null : told.data.bounce.type === "Permanent" ? "hard" : "soft",
    told: reasonOf(told),
    happenedAt: told.created_at,
  }
}

function reasonOf(told: z.output<typeof resendEvent>): string | null {
  if (told.type === "email.bounced") return told.data.bounce.message ?? null
  if (told.type === "email.failed") return told.data.failed?.reason ?? null
  return told.type === "email.suppressed" ? (told.data.suppressed?.message ?? null) : null
}
