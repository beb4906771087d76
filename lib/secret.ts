import { timingSafeEqual } from "node:crypto"

/** Tells whether a text is this secret, in a time that tells no more of it than its length. */
export function secretMatcher(secret: string): (given: string) => boolean {
  const wanted = Buffer.from(secret)
  return (given) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  }
}
