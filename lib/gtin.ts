/**
 * A GTIN of 8 to 14 digits as GTIN-14, the form in which two of them can be compared, however many zeros they were padded
 * with. Undefined for what is none: its last digit is a check digit (GS1 General Specifications, 7.9).
 */
export function toGtin14(text: string): string | undefined {
  if (!/^\d{8,14}$/.test(text) || /^0+$/.test(text)) return undefined
  const sum = [...text].reverse().reduce((sum, digit, place) => sum + Number(digit) * (place % 2 ? 3 : 1), 0)
  return sum % 10 === 0 ? text.padStart(14, "0") : undefined
}

const LENGTHS = [8, 12, 13, 14]

/** A GTIN-14 as it stands under its bars: the shortest of 8, 12, 13 and 14 digits that holds it. */
export function printedGtin(gtin14: string): string {
  const significant = gtin14.replace(/^0+/, "")
  const length = LENGTHS.find((length) => length >= significant.length) ?? significant.length
  return significant.padStart(length, "0")
}
