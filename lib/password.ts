import { argon2id } from "hash-wasm"

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const COST = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 }

/** The argon2id hash of a password, in PHC form, with a salt of its own. */
export const hashPassword = (password: string): Promise<string> =>
  argon2id({ password, salt: crypto.getRandomValues(new Uint8Array(16)), ...COST, outputType: "encoded" })
