const CURVE = { name: "ECDH", namedCurve: "P-256" }

/** A public key as it travels: an uncompressed point of P-256. Rejects what is none. */
export const importPublicKey = (base64url: string) =>
  crypto.subtle.importKey("raw", Buffer.from(base64url, "base64url"), CURVE, false, [])

/** Whether this is a public key: a point of P-256, 65 bytes as base64url. */
export const isPublicKey = (base64url: string): Promise<boolean> =>
  importPublicKey(base64url).then(
    () => true,
    () => false,
  )
