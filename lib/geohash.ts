export interface Place {
  latitude: number
  longitude: number
}

const ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
const form = new RegExp(`^[${ALPHABET}]{1,12}$`)

/** Whether this is a geohash of at most 12 characters (https://en.wikipedia.org/wiki/Geohash). */
export const isGeohash = (text: string) => form.test(text)

/** The geohash of the cell that holds a place; nine characters are a cell of about 5 by 5 m. */
export function toGeohash({ latitude, longitude }: Place, length = 9): string {
  const axes = [
    { low: -180, high: 180, at: longitude },
    { low: -90, high: 90, at: latitude },
  ]
  let bits = 0
  let hash = ""
  for (let bit = 0; bit < length * 5; bit += 1) {
    const axis = axes[bit % 2]!
    const middle = (axis.low + axis.high) / 2
    const upper = axis.at >= middle
    if (upper) axis.low = middle
    else axis.high = middle
    bits = bits * 2 + Number(upper)
    if (bit % 5 < 4) continue
    hash += ALPHABET[bits]
    bits = 0
  }
  return hash
}

/** The middle of a geohash's cell. */
export function fromGeohash(hash: string): Place {
  const axes = [
    { low: -180, high: 180 },
    { low: -90, high: 90 },
  ]
  const bits = [...hash].flatMap((letter) => [...ALPHABET.indexOf(letter).toString(2).padStart(5, "0")])
  for (const [index, bit] of bits.entries()) {
    const axis = axes[index % 2]!
    const middle = (axis.low + axis.high) / 2
    if (bit === "1") axis.low = middle
    else axis.high = middle
  }
  const [longitude, latitude] = axes.map(({ low, high }) => (low + high) / 2)
  return { latitude: latitude!, longitude: longitude! }
}
