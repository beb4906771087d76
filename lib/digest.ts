import { hash } from "node:crypto"

/** SHA-256 of a text, 43 characters of base64url. Digests of secrets may be compared and looked up as any text: what time that takes tells nothing of the secret. */
export const digestOf = (text: string): string => hash("sha256", text, "base64url")
