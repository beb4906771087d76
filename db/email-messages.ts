import { type Db, pool } from "./pool.ts"

export interface EmailMessage {
  runId: string
  recipient: string
  template: string
  locale: string
  subject: string
}

export type DeliveryStatus = "sending" | "sent" | "failed" | "suppressed"

/** Write down a message before it is sent; a later attempt of the same run finds what became of the earlier one. */
export async function beginDelivery(
  { runId, recipient, template, locale, subject }: EmailMessage,
  db: Db = pool(),
): Promise<{ status: DeliveryStatus; providerId: string | null }> {
  const [row] = await db<[{ status: DeliveryStatus; providerId: string | null }]>`
    insert into email_messages as message (run_id, recipient, template, locale, subject)
    values (${runId}, ${recipient}, ${template}, ${locale}, ${subject})
    on conflict (run_id, recipient) do update
    set status = case when message.status = 'failed' then 'sending' else message.status end
    returning status, provider_id
  `
  return row
}

export async function markSent(runId: string, recipient: string, providerId: string | null, db: Db = pool()) {
  await db`
    update email_messages
    set status = 'sent', provider_id = ${providerId}, sent_at = now(), error = null
    where run_id = ${runId} and recipient = ${recipient} and status <> 'sent'
  `
}

export async function markSuppressed(runId: string, recipient: string, db: Db = pool()) {
  await db`
    update email_messages
    set status = 'suppressed'
    where run_id = ${runId} and recipient = ${recipient} and status <> 'sent'
  `
}

/** Note why the latest attempt did not send; a later one may still. */
export async function markFailed(runId: string, recipient: string, error: string, db: Db = pool()) {
  await db`
    update email_messages
    set status = 'failed', error = ${error}
    where run_id = ${runId} and recipient = ${recipient} and status <> 'sent'
  `
}
