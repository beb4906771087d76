import { createECDH } from "node:crypto"
import { z } from "zod"
import { defineEnv, needed, notRight } from "../env.ts"

const pushEnv = defineEnv({
  VAPID_PUBLIC_KEY: z
    .string()
    .optional()
    .describe(
      "web push: the public key that browsers subscribe with, 65 bytes as base64url; there is no web push when not set",
    ),
  VAPID_PRIVATE_KEY: z
    .string()
    .optional()
    .describe("web push: the private key of `VAPID_PUBLIC_KEY`, 32 bytes as base64url"),
  VAPID_SUBJECT: z
    .string()
    .regex(/^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, { error: "mailto:… or https://…" })
    .optional()
    .describe("web push: whom a push service may write to about it, `mailto:…` or `https://…`"),
})

/** Who sends a web push, as push services know it. */
export interface Vapid {
  publicKey: string
  privateKey: string
  subject: string
}

/** The key that browsers subscribe with; null when there is no web push. */
export const vapidPublicKey = (): string | null => pushEnv().VAPID_PUBLIC_KEY ?? null

/** Who sends; undefined when there is no web push. Throws the sentence to show when what is set is not right. */
export function vapid(): Vapid | undefined {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY, VAPID_SUBJECT } = pushEnv()
  if (publicKey === undefined) return undefined
  const privateKey = needed("VAPID_PRIVATE_KEY", VAPID_PRIVATE_KEY)
  if (publicKeyOf(privateKey) !== publicKey)
    throw notRight("VAPID_PRIVATE_KEY", "it is not that of VAPID_PUBLIC_KEY")
  return { publicKey, privateKey, subject: needed("VAPID_SUBJECT", VAPID_SUBJECT) }
}

function publicKeyOf(privateKey: string): string | undefined {
  try {
    const pair = createECDH("prime256v1")
    pair.setPrivateKey(Buffer.from(privateKey, "base64url"))
    return pair.getPublicKey("base64url")
  } catch {
    return undefined
  }
}
