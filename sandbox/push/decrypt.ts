import { createDecipheriv, createECDH, hkdfSync } from "node:crypto"

/** The secrets of a browser's subscription, as base64url. */
export interface Secrets {
  privateKey: string
  auth: string
}

/** Read a message as a browser does: RFC 8291, of one record. Throws when it is for somebody else, or not as it has to be. */
export function decrypt(body: Buffer, { privateKey, auth }: Secrets): Buffer {
  const pair = createECDH("prime256v1")
  pair.setPrivateKey(Buffer.from(privateKey, "base64url"))
  const salt = body.subarray(0, 16)
  const recordSize = body.readUInt32BE(16)
  const keyLength = body.readUInt8(20)
  const sender = body.subarray(21, 21 + keyLength)
  const record = body.subarray(21 + keyLength)
  if (keyLength !== 65) throw new Error(`a key of ${keyLength} bytes`)
  if (record.length > recordSize) throw new Error("more than one record")

  const info = Buffer.concat([Buffer.from("WebPush: info\0"), pair.getPublicKey(), sender])
  const input = hkdf(pair.computeSecret(sender), Buffer.from(auth, "base64url"), info, 32)
  const key = hkdf(input, salt, "Content-Encoding: aes128gcm\0", 16)
  const nonce = hkdf(input, salt, "Content-Encoding: nonce\0", 12)
  const decipher = createDecipheriv("aes-128-gcm", key, nonce)
  decipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded[end] !== 2) throw new Error("a last record that does not say that it is")
  return padded.subarray(0, end)
}

const hkdf = (input: Buffer, salt: Buffer, info: Buffer | string, bytes: number) =>
  Buffer.from(hkdfSync("sha256", input, salt, info, bytes))
