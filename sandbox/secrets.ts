import { createECDH, randomBytes } from "node:crypto"
import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import { ConfigurationError } from "../lib/errors.ts"

const random = (bytes: number) => randomBytes(bytes).toString("base64url")

const secrets = z.object({
  adminApiKey: z.string().default(() => `est_${random(24)}`),
  adminPassword: z.string().default(() => random(9)),
  sessionSecret: z.string().default(() => random(32)),
  callbackSecret: z.string().default(() => `whsec_${randomBytes(32).toString("base64")}`),
  secretsKey: z.string().default(() => `v1:${randomBytes(32).toString("base64")}`),
  crmToken: z.string().default(() => random(24)),
  hookSecret: z.string().default(() => `whsec_${randomBytes(32).toString("base64")}`),
  inboundSecret: z.string().default(() => random(24)),
  feedToken: z.string().default(() => random(24)),
  leadSecret: z.string().default(() => random(24)),
  resendWebhookSecret: z.string().default(() => `whsec_${randomBytes(24).toString("base64")}`),
  vapidPrivateKey: z.string().default(() => {
    const pair = createECDH("prime256v1")
    pair.generateKeys()
    return pair.getPrivateKey("base64url")
  }),
  resendApiKey: z.string().default(() => `re_${random(16)}`),
})

export type Secrets = z.output<typeof secrets>

/** The public key of a private one of VAPID's. */
export function vapidPublicKeyOf(privateKey: string): string {
  const pair = createECDH("prime256v1")
  pair.setPrivateKey(Buffer.from(privateKey, "base64url"))
  return pair.getPublicKey("base64url")
}

/** The keys of this data folder: made at its first start, the same at each later one. */
export async function readSecrets(dataDir: string) {
  const file = join(dataDir, "secrets.json")
  const kept = secrets.safeParse(await readJson(file))
  if (!kept.success) throw new ConfigurationError(`${file} is damaged: start anew with npm start -- --reset`)
  await writeFile(`${file}.new`, `${JSON.stringify(kept.data, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return kept.data
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}"
    throw new ConfigurationError(
      `${file} cannot be read (${error.code}): give it to your user, or set DATA_DIR to another folder`,
    )
  })
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
