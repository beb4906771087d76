import type { z } from "zod"
import type { Answer } from "../client/answer.ts"
import { call, type Settings } from "../client/call.ts"
import type { TemplateName, templateProps } from "../emails/index.ts"
import { PayloadError } from "../errors.ts"
import type { Locale } from "../locale.ts"
import { type MailingStatus, MOST_RECIPIENTS } from "./outcome.ts"

type Data<Name extends TemplateName> = z.input<(typeof templateProps)[Name]>

/** A mail to very many; its data are what it says to all. */
export interface BulkEmail<Name extends TemplateName> {
  template: Name
  data?: Partial<Data<Name>>
  /** Your own name for it: asked for again under the same, it is the same mailing, and goes to nobody twice. */
  key?: string
  subject?: string
  from?: string
  locale?: Locale
  /** What its recipients can unsubscribe from; the template's name unless said otherwise. */
  list?: string
  agencyId?: number
  /** Mails a minute at most; 600 unless said otherwise. */
  perMinute?: number
}

/** Whom it goes to, and what it says to them alone. */
export interface BulkRecipient<Name extends TemplateName> {
  to: string
  data?: Partial<Data<Name>>
  locale?: Locale
}

/** A mailing that is under way. */
export interface QueuedMailing {
  id: number
  /** How many it goes to: each address once. */
  recipients: number
  status: MailingStatus
  /** Where it is told how far it is, below the API's URL. */
  statusUrl: string
}

/** Very many recipients take a while to be added, and the API may ask to be left alone in between. */
const PATIENT = { timeout: 120_000, tryTimeout: 30_000, retries: 10 }

/**
 * Have the API send a mail to very many, each with data of their own, at a pace, in little memory however many there are. What
 * broke off can be asked for again under its `key`. Throws a PayloadError for data that the template does not take, and an Error
 * whose cause tells why the API did not take it.
 */
export async function queueBulkEmail<Name extends TemplateName>(
  mail: BulkEmail<Name>,
  recipients: Iterable<BulkRecipient<Name>> | AsyncIterable<BulkRecipient<Name>>,
  api: Settings,
): Promise<QueuedMailing> {
  const ask = async <T>(path: string, body: unknown) =>
    given(await call<T>({ ...PATIENT, ...api }, { path: `/api/admin/mailings${path}`, body }))
  const { id, status, statusUrl, ...there } = await ask<QueuedMailing>("", mail)
  if (status !== "draft") return { id, status, statusUrl, recipients: there.recipients }
  for await (const page of pagesOf(recipients)) await ask(`/${id}/recipients`, { recipients: page })
  const started = await ask<QueuedMailing>(`/${id}/start`, {})
  return { id, statusUrl, recipients: started.recipients, status: started.status }
}

async function* pagesOf<T>(items: Iterable<T> | AsyncIterable<T>) {
  let page: T[] = []
  for await (const item of items) {
    page.push(item)
    if (page.length < MOST_RECIPIENTS) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

function given<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  const { message, details } = answer.error
  if (details) throw new PayloadError("Bad mailing", details)
  throw new Error(message, { cause: answer.error })
}
