import { isIP } from "node:net"
import { apiEnv } from "../env.ts"

type Peer = (request: Request) => string | undefined

let peer: Peer = () => undefined

/** Say how the runtime tells the address at the other end of a request's connection. */
export const tellPeersBy = (tell: Peer) => {
  peer = tell
}

/** Where a call comes from: the other end of its connection, or where TRUSTED_PROXY has proxies say it; undefined when that is no address. */
export function addressOf(request: Request): string | undefined {
  const proxy = apiEnv().TRUSTED_PROXY
  const address = (proxy === undefined ? undefined : told(request.headers, proxy)) ?? peer(request)
  return address === undefined || isIP(address) === 0 ? undefined : plain(address)
}

/** A header that the proxy sets itself; or what the first of so many proxies in a row has added, where whoever calls can only write before it. */
function told(headers: Headers, proxy: string | number) {
  if (typeof proxy === "string") return headers.get(proxy)?.trim()
  const hops = headers.get("x-forwarded-for")?.split(",") ?? []
  return hops.at(-proxy)?.trim()
}

/** An IPv4 address as such where the system tells it as IPv6. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "")

/** What is counted as one place: of IPv6 addresses the first half, since the other is free to choose. */
export function placeOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = "", tail] = address.toLowerCase().split("%")[0]!.split("::")
  const front = head.split(":").filter(Boolean)
  const back = tail?.split(":").filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0")
  const parts = tail === undefined ? front : [...front, ...zeros, ...back]
  return `${parts
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`
}
