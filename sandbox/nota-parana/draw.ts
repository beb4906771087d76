/** A number from 0 up to 1 that looks random and is always the same for the same words. */
export const draw = (...words: (string | number)[]): number => Bun.hash.xxHash32(words.join("/")) / 2 ** 32

/** One of these, the same for the same words. */
export const pick = <T>(list: readonly T[], ...words: (string | number)[]): T =>
  list[Math.floor(draw(...words) * list.length)]!

/** So many characters that mean nothing, the same for the same words. */
export const opaque = (length: number, ...words: (string | number)[]): string =>
  new Bun.CryptoHasher("sha512").update(words.join("/")).digest("hex").slice(0, length)
