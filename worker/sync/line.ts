import type { Integration } from "../../db/integrations.ts"
import { clip } from "../../lib/clip.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import { type Answer, type Letter, post } from "../../lib/outward/post.ts"
import type { Line, Partner } from "../../lib/partners/define.ts"
import { BadAnswer, ItemRefused, PartnerGone, PartnerRefuses } from "../../lib/partners/errors.ts"
import { openSecrets } from "../../lib/partners/secrets.ts"
import { SealBroken } from "../../lib/sealed.ts"
import { send } from "../callbacks/send.ts"
import { pause } from "../pause.ts"
import { takeTurn } from "../shared-pace.ts"
import { syncEnv } from "./env.ts"

/** Requests a second where a partner says nothing of it. */
const PER_SECOND = 2

/** Milliseconds that a partner has to answer. */
const PATIENCE = 30_000

/** Bytes of an answer that are read: one that has more is none. */
const MOST_READ = 4 * 1024 * 1024

/** Milliseconds for which a turn is waited for, until other runs may have the place. */
const LONGEST_WAIT = 60_000

/** Milliseconds to wait when a partner is asked too much, and does not say for how long; and the most that it may say. */
const REST = { unsaid: 60_000, most: 6 * 3_600_000 }

/** How a partner is spoken to on behalf of an agency. Throws PermanentError when what the agency has set cannot be used. */
export function openLine(
  partner: Partner,
  integration: Integration,
  signal: AbortSignal,
  patience = PATIENCE,
): Line {
  const secrets = secretsOf(partner, integration)
  const settings = partner.settings.safeParse(integration.settings)
  if (!settings.success)
    throw new PermanentError(`The settings of ${partner.title} are no longer right: set them anew`)
  const exchange = async (letter: Letter, also: number[]) => {
    await takePlace(partner, signal)
    const answer = await post({ ...letter, isRead: MOST_READ }, { signal, patience })
    signal.throwIfAborted()
    return { status: judge(answer, also, partner.title, secrets), answer }
  }
  return {
    settings: settings.data,
    secrets,
    async ask({ method, url, headers = {}, body, also = [] }) {
      const text = body === undefined ? "" : JSON.stringify(body)
      const all = {
        accept: "application/json",
        "user-agent": "Esteira",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      }
      const { status, answer } = await exchange({ method, url, headers: all, body: text }, also)
      return { status, body: status < 300 ? jsonOf(answer, partner.title) : undefined }
    },
    async tell({ id, url, secret, body }) {
      await takePlace(partner, signal)
      const message = { id, url, body: JSON.stringify(body) }
      const answer = await send(message, { secret, signal, patience })
      signal.throwIfAborted()
      judge(answer, [], partner.title, secrets)
    },
  }
}

function secretsOf(partner: Partner, integration: Integration): Record<string, string> {
  try {
    return openSecrets(partner, integration)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    throw new PermanentError(`The secrets of ${partner.title} cannot be used: ${error.message}`)
  }
}

/** Wait until the partner may be asked: so many times a second by all workers together. */
async function takePlace({ name, perSecond: borne = PER_SECOND }: Partner, signal: AbortSignal) {
  const perSecond = syncEnv().PARTNER_REQUESTS_PER_SECOND ?? borne
  const wait = await takeTurn(`esteira:{sync}:pace:${name}`, 1_000 / perSecond, LONGEST_WAIT)
  if (wait < 0) throw new RetryLater(-wait, `others ask ${name} as much as it may be asked`)
  if (wait > 0) await pause(wait, signal)
  signal.throwIfAborted()
}

/** The status of an answer that is one; what else there may be is thrown. */
function judge(
  { status, text = "", error, retryAfter }: Answer,
  also: number[],
  title: string,
  secrets: Record<string, string>,
): number {
  if (status === undefined) throw new Error(`${title} does not answer: ${error}`)
  if ((status >= 200 && status < 300) || also.includes(status)) return status
  if (status === 401 || status === 403)
    throw new PartnerRefuses(`${title} answers ${status}: what it is asked with is not good, or no longer`)
  if (status === 410) throw new PartnerGone(`${title} answers 410: it is gone`)
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    throw new RetryLater(Math.min(retryAfter ?? REST.unsaid, REST.most), `${title} asks to wait`)
  if (status >= 400 && status < 500 && status !== 408 && status !== 425)
    throw new ItemRefused(
      [`it answers ${status}`, clip(hide(text.replaceAll("\0", "").trim(), secrets), 300)]
        .filter(Boolean)
        .join(": "),
    )
  throw new Error(`${title} answers ${status}`)
}

/** Who refuses something may repeat all that it was sent. */
const hide = (text: string, secrets: Record<string, string>) =>
  Object.values(secrets).reduce((hidden, secret) => hidden.replaceAll(secret, "[redacted]"), text)

function jsonOf({ text, isCut }: Answer, title: string): unknown {
  if (isCut) throw new BadAnswer(`${title} answers more than ${MOST_READ} bytes`)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new BadAnswer(`${title} answers something other than JSON`)
  }
}
