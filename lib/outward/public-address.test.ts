import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { isPublicAddress } from "./public-address.ts"

const v4 = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })))

describe("an address is of the public network", () => {
  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b::808:808",
  ])("%s", (address) => expect(isPublicAddress(address)).toBe(true))
})

describe("an address is none of the public network", () => {
  test.each([
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.1",
    "198.19.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:a00:1",
    "::127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::8.8.8.8",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "100::1",
    "",
    "localhost",
    "2130706433",
    "0x7f.1",
  ])("%s", (address) => expect(isPublicAddress(address)).toBe(false))
})

test("one of IPv4 is judged alike in every form that IPv6 has for it", () => {
  fc.assert(
    fc.property(v4, (parts) => {
      const plain = parts.join(".")
      const hex = `${((parts[0]! << 8) | parts[1]!).toString(16)}:${((parts[2]! << 8) | parts[3]!).toString(16)}`
      const forms = [
        `::ffff:${plain}`,
        `::ffff:${hex}`,
        `0:0:0:0:0:FFFF:${hex}`,
        `64:ff9b::${plain}`,
        `64:ff9b:0:0:0:0:${hex}`,
      ]
      expect(new Set(forms.map(isPublicAddress))).toEqual(new Set([isPublicAddress(plain)]))
    }),
  )
})
