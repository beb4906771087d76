import { createHmac } from "node:crypto"

/**
 * The signature of a message, `v1,…`, as https://github.com/standard-webhooks/standard-webhooks has it: of its id, the time in
 * seconds and its body, with the bytes that `whsec_…` says.
 */
export function signMessage(
  secret: string,
  { id, at, body }: { id: string; at: number; body: string },
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64")
  return `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`
}
