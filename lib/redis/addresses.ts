import { ConfigurationError } from "../errors.ts"

export interface Address {
  host: string
  port: number
}

/** The addresses in `host:port,host:port`; IPv6 in brackets. A port may be left out. */
export function parseAddresses(variable: string, list: string, defaultPort: number): Address[] {
  const parts = list.split(",").map((part) => part.trim())
  return parts.map((part, index) => {
    const address = parseAddress(part, defaultPort)
    // Not quoted: what is not an address may be a URL with a password in it.
    if (!address)
      throw new ConfigurationError(`${variable} is not right: part ${index + 1} of it is not host:port`)
    return address
  })
}

function parseAddress(text: string, defaultPort: number): Address | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s[\]/@]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits ?? defaultPort)
  return host && port > 0 && port <= 65_535 ? { host, port } : undefined
}
