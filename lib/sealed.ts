import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { z } from "zod"
import { defineEnv, needed } from "./env.ts"

const CIPHER = "aes-256-gcm"
const IV = 12
const TAG = 16

/** A key by its version. */
type Keys = Map<string, Buffer>

const sealEnv = defineEnv({
  SECRETS_KEY: z
    .string()
    .refine((text) => readKeys(text) !== undefined, {
      error: "v1: and 32 bytes as base64, or several of these with commas between, each version once",
    })
    .optional()
    .describe(
      "integrations: what their secrets are encrypted with, `v1:` and 32 bytes as base64; to change it, `v2:…,v1:…`: the first encrypts, all decrypt",
    ),
})

/** For the check at boot: what is set has to be right. */
export const checkSeals = sealEnv

/** What was sealed cannot be opened; the message tells why, and nothing of it. */
export class SealBroken extends Error {
  override name = "SealBroken"
}

/** Encrypt a text for one place: elsewhere it cannot be opened. Throws the sentence to show when there is no key. */
export function seal(text: string, place: string): string {
  const [[version, key]] = [...keys()] as [[string, Buffer]]
  const iv = randomBytes(IV)
  const cipher = createCipheriv(CIPHER, key, iv)
  cipher.setAAD(Buffer.from(`${version}\n${place}`))
  const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
  return `${version}.${sealed.toString("base64url")}`
}

/** The text that was sealed for this place. Throws SealBroken, and the sentence to show when there is no key. */
export function unseal(sealed: string, place: string): string {
  const [version = "", data = ""] = sealed.split(".")
  const key = keys().get(version)
  if (!key) throw new SealBroken(`SECRETS_KEY has no key ${version}, which it was encrypted with`)
  const bytes = Buffer.from(data, "base64url")
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV), { authTagLength: TAG })
    decipher.setAAD(Buffer.from(`${version}\n${place}`))
    decipher.setAuthTag(bytes.subarray(-TAG))
    return Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()]).toString("utf8")
  } catch {
    throw new SealBroken(`it was not encrypted with key ${version}, or not for this place`)
  }
}

/** Whether it is sealed with the key that seals now. */
export const isSealedAnew = (sealed: string): boolean => sealed.startsWith(`${[...keys().keys()][0]}.`)

const keys = (): Keys => readKeys(needed("SECRETS_KEY", sealEnv().SECRETS_KEY))!

function readKeys(text: string): Keys | undefined {
  const parts = text.split(",").map((part) => /^\s*(v\d{1,6}):([A-Za-z\d+/]{43}=)\s*$/.exec(part))
  const keys = new Map(parts.map((part) => [part?.[1] ?? "", Buffer.from(part?.[2] ?? "", "base64")]))
  return parts.every(Boolean) && keys.size === parts.length ? keys : undefined
}
