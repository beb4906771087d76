import { argon2id, argon2Verify } from "hash-wasm"
import { z } from "zod"

/** What can be made a password. */
export const newPassword = z.string().min(12, { error: "at least 12 characters" }).max(1_000)

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const COST = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 }

/** The argon2id hash of a password, in PHC form, with a salt of its own. */
export const hashPassword = (password: string): Promise<string> =>
  argon2id({ password, salt: crypto.getRandomValues(new Uint8Array(16)), ...COST, outputType: "encoded" })

/** The hash of no password: what is checked for somebody who is not there, so that it takes as long. */
const NOBODYS = `$argon2id$v=19$m=${COST.memorySize},t=${COST.iterations},p=${COST.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`

/** Whether a password is the one of this hash. Of none, or of one of another kind, it is not, and finding that out takes as long. */
export async function verifyPassword(
  password: string,
  hash: string | undefined,
  verify: (check: { password: string; hash: string }) => Promise<boolean> = argon2Verify,
): Promise<boolean> {
  const isOurs = hash?.startsWith("$argon2id$") ?? false
  const isRight = await verify({ password, hash: isOurs ? hash! : NOBODYS })
  return isRight && isOurs
}
