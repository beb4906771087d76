/** The keys of a device, as base64url. */
export interface DeviceKeys {
  p256dh: string
  auth: string
}

/** What is drawn anew for each message. */
interface Drawn {
  salt: Uint8Array<ArrayBuffer>
  keys: CryptoKeyPair
}

const RECORD_SIZE = 4_096

const CURVE = { name: "ECDH", namedCurve: "P-256" }

const utf8 = new TextEncoder()

/** A message that the device alone can read: RFC 8291, as one record of `aes128gcm` (RFC 8188). */
export async function encrypt(
  content: Uint8Array,
  { p256dh, auth }: DeviceKeys,
  drawn?: Drawn,
): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, keys } = drawn ?? (await draw())
  const ours = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey))
  const theirs = Buffer.from(p256dh, "base64url")
  const secret = await crypto.subtle.deriveBits(
    { name: "ECDH", public: await crypto.subtle.importKey("raw", theirs, CURVE, false, []) },
    keys.privateKey,
    256,
  )
  const info = join(utf8.encode("WebPush: info\0"), theirs, ours)
  const input = await hkdf(new Uint8Array(secret), Buffer.from(auth, "base64url"), info, 32)
  const key = await hkdf(input, salt, utf8.encode("Content-Encoding: aes128gcm\0"), 16)
  const nonce = await hkdf(input, salt, utf8.encode("Content-Encoding: nonce\0"), 12)
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"])
  // 2 marks the last record, which is the only one.
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce },
    cipher,
    join(content, new Uint8Array([2])),
  )
  return join(salt, bigEndian(RECORD_SIZE), new Uint8Array([ours.length]), ours, new Uint8Array(sealed))
}

const draw = async (): Promise<Drawn> => ({
  salt: crypto.getRandomValues(new Uint8Array(16)),
  keys: await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]),
})

async function hkdf(
  input: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  bytes: number,
) {
  const key = await crypto.subtle.importKey("raw", input, "HKDF", false, ["deriveBits"])
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, 8 * bytes),
  )
}

const bigEndian = (value: number) => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
