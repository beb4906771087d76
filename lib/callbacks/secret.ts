import { z } from "zod"

/** What messages are signed with by Standard Webhooks, as it is written down. */
export const webhookSecret = z
  .string()
  .refine((secret) => isSecret(secret), { error: "whsec_ and 24 to 64 bytes as base64" })

function isSecret(secret: string) {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  const { length } = Buffer.from(base64 ?? "", "base64")
  return length >= 24 && length <= 64
}
