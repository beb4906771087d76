/** The field of P-256, and the constant of its curve: y² = x³ - 3x + b. */
const FIELD = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** Whether this is a public key as it travels: an uncompressed point of P-256, 65 bytes as base64url. Not every runtime looks at that when it imports one. */
export function isPublicKey(base64url: string): boolean {
  const point = Buffer.from(base64url, "base64url")
  if (point.length !== 65 || point[0] !== 4) return false
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    BigInt(`0x${part.toString("hex")}`),
  )
  return x! < FIELD && y! < FIELD && (y! * y! - x! * x! * x! + 3n * x! - B) % FIELD === 0n
}
