import type { LookupAddress } from "node:dns"
import { lookup } from "node:dns/promises"
import http from "node:http"
import https from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { codeOf } from "../network.ts"
import { retryAfterOf } from "../retry-after.ts"
import { faultOf, hostOf } from "./check-url.ts"
import { mayBePrivate } from "./env.ts"
import { isPublicAddress } from "./public-address.ts"

/** Milliseconds that a receiver has to answer. */
const PATIENCE = 10_000

/** Bytes of an answer that are read, when they are wanted and nothing else is said. */
const MOST_READ = 4_096

export interface Letter {
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
  method?: string
  /** Whether what the receiver writes is read, its beginning at least; or how many bytes of it at most. */
  isRead?: boolean | number
}

/** What a receiver said; or, with `error`, why it said nothing. `retryAfter` is milliseconds. */
export interface Answer {
  status?: number
  text?: string
  /** Whether there was more than was read. */
  isCut?: boolean
  error?: string
  retryAfter?: number
}

export interface Surroundings {
  resolve?: (host: string) => Promise<LookupAddress[]>
  /** Who vouches for receivers, where that is nobody the system knows. */
  ca?: string
  /** Ends it early; then `error` says so. */
  signal?: AbortSignal
  patience?: number
}

const all = (host: string) => lookup(host, { all: true })

/** Write once to a caller's URL, at an address that was looked at. Redirects are not followed. Never throws. */
export async function post(
  { url: text, headers, body, method = "POST", isRead = false }: Letter,
  { resolve = all, ca, signal: outer, patience = PATIENCE }: Surroundings = {},
): Promise<Answer> {
  const url = new URL(text)
  const fault = faultOf(url)
  if (fault) return { error: `not ${fault}` }
  const timeout = AbortSignal.timeout(patience)
  const signal = outer ? AbortSignal.any([timeout, outer]) : timeout
  try {
    const address = await addressOf(hostOf(url), resolve, signal)
    const mostRead = isRead === true ? MOST_READ : Number(isRead)
    return await exchange(url, { body, headers, method, address, signal, ca, mostRead })
  } catch (error) {
    if (timeout.aborted) return { error: `no answer within ${patience} ms` }
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

interface Exchange {
  body: string | Uint8Array
  headers: Record<string, string>
  method: string
  address: LookupAddress
  signal: AbortSignal
  ca: string | undefined
  mostRead: number
}

const exchange = (
  url: URL,
  { body, headers, method, address, signal, ca, mostRead }: Exchange,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const lookup: LookupFunction = (_host, options, found) =>
      options.all ? found(null, [address]) : found(null, address.address, address.family)
    const options = {
      method,
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      lookup,
      signal,
      agent: false,
      ...(ca && { ca }),
    }
    const request =
      url.protocol === "https:" ? https.request(url, options, answered) : http.request(url, options, answered)
    function answered(response: http.IncomingMessage) {
      const { statusCode: status = 0 } = response
      const retryAfter = retryAfterOf(response.headers["retry-after"])
      const answer = { status, ...(retryAfter > 0 && { retryAfter }) }
      const end = (more: Pick<Answer, "text" | "isCut"> = {}) => {
        resolve({ ...answer, ...more })
        request.destroy()
      }
      if (mostRead === 0) return end()
      const parts: Buffer[] = []
      let size = 0
      const text = () => Buffer.concat(parts).subarray(0, mostRead).toString("utf8")
      response.on("data", (part: Buffer) => {
        parts.push(part)
        size += part.length
        if (size > mostRead) end({ text: text(), isCut: true })
      })
      response.on("end", () => end(size > 0 ? { text: text() } : {}))
      response.on("aborted", () => reject(new Error("the answer ended in the middle")))
      response.on("error", reject)
    }
    request.on("error", reject)
    request.end(body)
  })
