import type { LookupAddress } from "node:dns"
import { lookup } from "node:dns/promises"
import http from "node:http"
import https from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { faultOf, hostOf } from "../../lib/callbacks/check-url.ts"
import { mayBePrivate } from "../../lib/callbacks/env.ts"
import { isPublicAddress } from "../../lib/callbacks/public-address.ts"
import { signMessage } from "../../lib/callbacks/sign.ts"
import { codeOf } from "../../lib/network.ts"

/** Milliseconds that a receiver has to answer. */
const PATIENCE = 10_000

export interface Message {
  /** The same at every try, by which a receiver knows it again. */
  id: string
  url: string
  body: string
}

/** What a receiver said; or, with `error`, why it said nothing. `retryAfter` is milliseconds. */
export interface Answer {
  status?: number
  error?: string
  retryAfter?: number
}

interface Surroundings {
  secret: string
  resolve?: (host: string) => Promise<LookupAddress[]>
  /** Who vouches for receivers, where that is nobody the system knows. */
  ca?: string
  patience?: number
}

const all = (host: string) => lookup(host, { all: true })

/** Send a signed message once, to an address that was looked at. Redirects are not followed, and the answer's body is not read. */
export async function send(
  { id, url: text, body }: Message,
  { secret, resolve = all, ca, patience = PATIENCE }: Surroundings,
): Promise<Answer> {
  const url = new URL(text)
  const fault = faultOf(url)
  if (fault) return { error: `not ${fault}` }
  const at = Math.floor(Date.now() / 1_000)
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Esteira",
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": signMessage(secret, { id, at, body }),
  }
  const signal = AbortSignal.timeout(patience)
  try {
    const address = await addressOf(hostOf(url), resolve, signal)
    return await post(url, { body, headers, address, signal, ca })
  } catch (error) {
    if (signal.aborted) return { error: `no answer within ${patience} ms` }
    const { message } = error as Error
    return { error: [codeOf(error as Error), message].filter(Boolean).join(": ").slice(0, 300) }
  }
}

/** The one address that is connected to: looked up once, since the answer may be another the next time. */
async function addressOf(
  host: string,
  resolve: (host: string) => Promise<LookupAddress[]>,
  signal: AbortSignal,
): Promise<LookupAddress> {
  // An address was looked at with its URL.
  if (isIP(host)) return { address: host, family: isIP(host) }
  const found = await Promise.race([resolve(host), aborted(signal)])
  const [first] = found
  if (!first) throw new Error(`${host} has no address`)
  if (!mayBePrivate() && !found.every(({ address }) => isPublicAddress(address)))
    throw new Error(`${host} leads to a private address`)
  return first
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  )

interface Post {
  body: string
  headers: Record<string, string>
  address: LookupAddress
  signal: AbortSignal
  ca: string | undefined
}

const post = (url: URL, { body, headers, address, signal, ca }: Post): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const lookup: LookupFunction = (_host, options, found) =>
      options.all ? found(null, [address]) : found(null, address.address, address.family)
    const options = { method: "POST", headers, lookup, signal, agent: false, ...(ca && { ca }) }
    const request =
      url.protocol === "https:" ? https.request(url, options, answered) : http.request(url, options, answered)
    function answered({ statusCode = 0, headers }: http.IncomingMessage) {
      const retryAfter = Number(headers["retry-after"])
      resolve({ status: statusCode, ...(retryAfter > 0 && { retryAfter: retryAfter * 1_000 }) })
      request.destroy()
    }
    request.on("error", reject)
    request.end(body)
  })
