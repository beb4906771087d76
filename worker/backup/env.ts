import { z } from "zod"
import { count, defineEnv, notRight } from "../../lib/env.ts"

const list = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .optional()

export const backupEnv = defineEnv({
  BACKUP_RECIPIENTS: list.describe(
    "backups: who can open them, recipients of age (`age1…,age1…`); they are not encrypted when not set",
  ),
  BACKUP_IDENTITY: list.describe(
    "backups: what opens them, an identity of age (`AGE-SECRET-KEY-1…`); for restores, and for the weekly drill",
  ),
  BACKUP_ZSTD_LEVEL: z.coerce
    .number()
    .int()
    .min(1)
    .max(19)
    .default(3)
    .describe("backups: how hard they are compressed, 1 to 19"),
  BACKUP_KEEP_DAYS: count.default(7).describe("backups: days of which the last backup is kept"),
  BACKUP_KEEP_WEEKS: count.default(5).describe("backups: weeks of which the last backup is kept"),
  BACKUP_KEEP_MONTHS: count.default(12).describe("backups: months of which the last backup is kept"),
  DRILL_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "a URL of another form" })
    .optional()
    .describe(
      "backups: a server on which the weekly drill may create a database; that of `DIRECT_URL` when not set",
    ),
})

/** Throws the sentence to show when what backups are sealed and opened with is none. */
export async function checkBackups() {
  const { BACKUP_RECIPIENTS = [], BACKUP_IDENTITY = [] } = backupEnv()
  if (BACKUP_RECIPIENTS.length === 0 && BACKUP_IDENTITY.length === 0) return
  const { Encrypter, Decrypter } = await import("age-encryption")
  for (const recipient of BACKUP_RECIPIENTS)
    refuse("BACKUP_RECIPIENTS", () => new Encrypter().addRecipient(recipient))
  for (const identity of BACKUP_IDENTITY)
    refuse("BACKUP_IDENTITY", () => new Decrypter().addIdentity(identity))
}

function refuse(name: string, use: () => void) {
  try {
    use()
  } catch {
    // What is wrong with a secret may tell the secret.
    throw notRight(name, "not all of it is of age's form")
  }
}
