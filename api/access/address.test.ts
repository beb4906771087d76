import { afterEach, expect, test } from "bun:test"
import fc from "fast-check"
import { addressOf, placeOf, tellPeersBy } from "./address.ts"

afterEach(() => {
  delete process.env.TRUSTED_PROXY
  tellPeersBy(() => undefined)
})

const told = (proxy: string | undefined, headers: Record<string, string>, peer = "10.0.0.9") => {
  if (proxy === undefined) delete process.env.TRUSTED_PROXY
  else process.env.TRUSTED_PROXY = proxy
  tellPeersBy(() => peer)
  return addressOf(new Request("http://a.example", { headers }))
}

test("is the other end of the connection, unless a proxy is trusted", () => {
  const forged = { "x-forwarded-for": "192.0.2.1", "x-real-ip": "192.0.2.2" }
  expect(told(undefined, forged)).toBe("10.0.0.9")
  expect(told(undefined, forged, "::ffff:10.0.0.8")).toBe("10.0.0.8")
  expect(told(undefined, forged, "2001:db8::1")).toBe("2001:db8::1")
})

test("is what the trusted proxy says: its header, or the place in the row that it wrote itself", () => {
  const forwarded = { "x-forwarded-for": "forged, 192.0.2.1 ,10.1.1.1, 10.2.2.2" }
  expect(told("x-real-ip", { "x-real-ip": " 192.0.2.7 ", ...forwarded })).toBe("192.0.2.7")
  expect(told("1", forwarded)).toBe("10.2.2.2")
  expect(told("3", forwarded)).toBe("192.0.2.1")
  expect(told("4", forwarded)).toBeUndefined()
  // Whoever comes past the proxy is who they are.
  expect(told("x-real-ip", {})).toBe("10.0.0.9")
  expect(told("7", forwarded)).toBe("10.0.0.9")
})

test("is nothing that is no address, whatever a header says", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x21-\x7e]{1,40}$/), (text) => {
      const address = told("x-real-ip", { "x-real-ip": text })
      expect(address === undefined || /^[\d.]{7,15}$|^[\da-f:.%\w]+$/i.test(address)).toBe(true)
    }),
  )
  expect(told("x-real-ip", { "x-real-ip": "192.0.2.1, evil" })).toBeUndefined()
})

test("of IPv6 counts by its first half, however it is written", () => {
  const place = "2001:db8:0:1::/64"
  for (const address of [
    "2001:db8:0:1::",
    "2001:db8:0:1::1",
    "2001:DB8:0:1:ffff:ffff:ffff:ffff",
    "2001:0db8:0000:0001:0:0:0:5",
    "2001:db8:0:1:a::",
    "2001:db8::1:0:0:0:9",
  ])
    expect([address, placeOf(address)]).toEqual([address, place])
  expect(placeOf("2001:db8:0:2::1")).not.toBe(place)
  expect(placeOf("::1")).toBe("0:0:0:0::/64")
  expect(placeOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64")
  expect(placeOf("192.0.2.1")).toBe("192.0.2.1")
})
