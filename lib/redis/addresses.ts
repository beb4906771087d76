import { ConfigurationError } from "../errors.ts"

export interface Address {
  host: string
  port: number
}

/** The addresses in `host:port,host:port`; IPv6 in brackets. A port may be left out. */
export const parseAddresses = (variable: string, list: string, defaultPort: number): Address[] =>
  list
    .split(",")
    .map((address) => address.trim())
    .filter(Boolean)
    .map((address) => parseAddress(variable, address, defaultPort))

function parseAddress(variable: string, address: string, defaultPort: number): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s[\]/]+))(?::(\d{1,5}))?$/.exec(address) ?? []
  const host = bracketed ?? plain
  if (!host) throw new ConfigurationError(`${variable} is not right: "${address}" is not host:port`)
  return { host, port: Number(port ?? defaultPort) }
}
