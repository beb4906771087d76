import { isIPv4, isIPv6 } from "node:net"

/** Bits of an address, and how many of them lead into a network. */
type Range = readonly [first: bigint, bits: number]

/** What is not the public network of IPv4: https://www.iana.org/assignments/iana-ipv4-special-registry. */
const PRIVATE_4: readonly Range[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map((network) => rangeOf(network, bits4))

/** Addresses of IPv6 that stand for one of IPv4, which is their last 32 bits: mapped, and translated by NAT64. */
const EMBEDDED_6: readonly Range[] = ["::ffff:0:0/96", "64:ff9b::/96"].map((network) =>
  rangeOf(network, bits6),
)

/** The public network of IPv6, and what is none within it: https://www.iana.org/assignments/iana-ipv6-special-registry. */
const PUBLIC_6 = rangeOf("2000::/3", bits6)
const PRIVATE_6: readonly Range[] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((network) =>
  rangeOf(network, bits6),
)

/** Whether an address is of the public network; what is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return isPublic4(bits4(address))
  // A zone leads out of one interface: such an address is of this network.
  if (!isIPv6(address) || address.includes("%")) return false
  const bits = bits6(address)
  if (EMBEDDED_6.some((range) => isWithin(bits, range, 128))) return isPublic4(bits & 0xffff_ffffn)
  return isWithin(bits, PUBLIC_6, 128) && !PRIVATE_6.some((range) => isWithin(bits, range, 128))
}

const isPublic4 = (bits: bigint) => !PRIVATE_4.some((range) => isWithin(bits, range, 32))

const isWithin = (address: bigint, [first, bits]: Range, width: number) => {
  const rest = BigInt(width - bits)
  return address >> rest === first >> rest
}

function rangeOf(network: string, bitsOf: (address: string) => bigint): Range {
  const [address = "", bits] = network.split("/")
  return [bitsOf(address), Number(bits)]
}

function bits4(address: string): bigint {
  return address.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

function bits6(address: string): bigint {
  // Its last part may be written as an address of IPv4.
  const plain = address.replace(/[\d.]+$/, (last) => {
    if (!last.includes(".")) return last
    const bits = bits4(last)
    return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`
  })
  const [head = "", tail] = plain.split("::")
  const groups = (text = "") => (text === "" ? [] : text.split(":"))
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  return [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail)].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  )
}
