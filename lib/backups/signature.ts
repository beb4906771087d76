import { createHmac } from "node:crypto"
import { z } from "zod"
import { defineEnv } from "../env.ts"
import { secretMatcher } from "../secret.ts"

const PURPOSE = "manifest of a backup"

export const signingEnv = defineEnv({
  BACKUP_SIGNING_KEY: z
    .string()
    .transform((text) => text.split(",").map((key) => key.trim()))
    .refine((keys) => keys.every(({ length }) => length >= 32), {
      error: "at least 32 characters, or several such keys with commas between",
    })
    .optional()
    .describe(
      "backups: what their manifests are signed with, a long random text; with it no other backup is taken for one. To change it, `new,old`: the first signs, all are known",
    ),
})

/** The signature of a manifest by its digest; undefined where there is nothing to sign with. */
export function signManifest(digest: string): string | undefined {
  const [key] = signingEnv().BACKUP_SIGNING_KEY ?? []
  return key && signatureOf(digest, key)
}

/** Whether a manifest with this digest was signed here; where there is nothing to sign with, nobody knows, and any is taken. */
export function isOurs(digest: string, signature = ""): boolean {
  const { BACKUP_SIGNING_KEY: keys } = signingEnv()
  return !keys || keys.some((key) => secretMatcher(signatureOf(digest, key))(signature))
}

const signatureOf = (digest: string, key: string) =>
  createHmac("sha256", key).update(`${PURPOSE}\n${digest}`).digest("base64url")
