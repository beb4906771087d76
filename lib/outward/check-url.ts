import { isIP } from "node:net"
import { mayBePrivate } from "./env.ts"
import { isPublicAddress } from "./public-address.ts"

/** The host of a URL as it is looked up: an address of IPv6 without its brackets. */
export const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, "")

/** Why nothing is sent to a URL, as far as that can be told from the URL itself; undefined when it may be. */
export function faultOf(url: URL): string | undefined {
  if (mayBePrivate()) return undefined
  if (url.protocol !== "https:") return "a URL that begins with https://"
  const host = hostOf(url)
  if (isIP(host) && !isPublicAddress(host)) return "an address of the public network"
  // Names that lead nowhere else: https://www.iana.org/assignments/special-use-domain-names.
  if (/(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/.test(host)) return "a host of the public network"
  return undefined
}
