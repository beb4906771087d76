import { Refusal } from "./errors.ts"
import type { Message, Store } from "./store.ts"

const day = 24 * 60 * 60 * 1_000

/** How a request names itself: kept with its mails. */
type Identity = Pick<Message, "idempotencyKey" | "bodyHash" | "presented">

interface Claim extends Identity {
  /** None while the first request with the key is in progress. */
  messages: Message[]
}

type Accept = (identity: Identity) => Promise<Message[]>

/** Accepts each idempotency key once in 24 hours; a repetition gets the mails of the first request. */
export function createIdempotency(store: Store, now: () => number) {
  const claims = new Map<string, Claim>()
  for (const message of store.messages) {
    const key = message.idempotencyKey
    if (key === null) continue
    const claim = claims.get(key)
    // The mails of one batch were accepted at the same moment.
    if (claim?.messages[0]?.createdAt === message.createdAt) claim.messages.push(message)
    else claims.set(key, { ...identityOf(message), messages: [message] })
  }

  const isOver = ({ messages: [first] }: Claim) => first && now() - Date.parse(first.createdAt) >= day

  async function begin(claim: Claim, key: string, accept: Accept) {
    claims.set(key, claim)
    try {
      claim.messages = await accept(identityOf(claim))
      return claim.messages
    } finally {
      if (claim.messages.length === 0) claims.delete(key)
    }
  }

  function repeat(claim: Claim, bodyHash: string): Message[] {
    claim.presented += 1
    if (claim.messages.length === 0) throw new Refusal("concurrent_idempotent_requests")
    for (const message of claim.messages) {
      message.presented = claim.presented
      store.save(message)
    }
    if (claim.bodyHash !== bodyHash) throw new Refusal("invalid_idempotent_request")
    return claim.messages
  }

  return async function once(key: string | null, body: string, accept: Accept): Promise<Message[]> {
    if (key === null) return accept({ idempotencyKey: null, bodyHash: null, presented: 0 })
    const bodyHash = new Bun.CryptoHasher("sha256").update(body).digest("hex")
    const claim = claims.get(key)
    return claim && !isOver(claim)
      ? repeat(claim, bodyHash)
      : begin({ idempotencyKey: key, bodyHash, presented: 1, messages: [] }, key, accept)
  }
}

/** The request's `Idempotency-Key`, null without one. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key")
  if (key !== null && (key.length < 1 || key.length > 256)) throw new Refusal("invalid_idempotency_key")
  return key
}

function identityOf({ idempotencyKey, bodyHash, presented }: Identity): Identity {
  return { idempotencyKey, bodyHash, presented }
}
