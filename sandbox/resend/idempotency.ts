import { Refusal } from "./errors.ts"
import type { Message, Store } from "./store.ts"

const day = 24 * 60 * 60 * 1_000

/** How a request names itself: kept with its mail. */
type Identity = Pick<Message, "idempotencyKey" | "bodyHash" | "presented">

interface Claim extends Identity {
  /** Missing while the first request with the key is in progress. */
  message?: Message
}

/** Accepts each idempotency key once in 24 hours; a repetition gets the mail of the first request. */
export function createIdempotency(store: Store, now: () => number) {
  const claims = new Map<string, Claim>()
  for (const message of store.messages) {
    if (message.idempotencyKey !== null)
      claims.set(message.idempotencyKey, { ...identityOf(message), message })
  }

  const isOver = ({ message }: Claim) => message && now() - Date.parse(message.createdAt) >= day

  async function begin(claim: Claim, key: string, accept: (identity: Identity) => Promise<Message>) {
    claims.set(key, claim)
    try {
      claim.message = await accept(claim)
      return claim.message
    } finally {
      if (!claim.message) claims.delete(key)
    }
  }

  function repeat(claim: Claim, bodyHash: string): Message {
    claim.presented += 1
    if (!claim.message) throw new Refusal("concurrent_idempotent_requests")
    claim.message.presented = claim.presented
    store.save(claim.message)
    if (claim.bodyHash !== bodyHash) throw new Refusal("invalid_idempotent_request")
    return claim.message
  }

  return async function once(
    key: string | null,
    body: string,
    accept: (identity: Identity) => Promise<Message>,
  ): Promise<Message> {
    if (key === null) return accept({ idempotencyKey: null, bodyHash: null, presented: 0 })
    const bodyHash = new Bun.CryptoHasher("sha256").update(body).digest("hex")
    const claim = claims.get(key)
    return claim && !isOver(claim)
      ? repeat(claim, bodyHash)
      : begin({ idempotencyKey: key, bodyHash, presented: 1 }, key, accept)
  }
}

/** The request's `Idempotency-Key`, null without one. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key")
  if (key !== null && (key.length < 1 || key.length > 256)) throw new Refusal("invalid_idempotency_key")
  return key
}

function identityOf({ idempotencyKey, bodyHash, presented }: Message): Identity {
  return { idempotencyKey, bodyHash, presented }
}
