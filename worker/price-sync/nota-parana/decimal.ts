/**
 * A decimal number as a whole number of its `places`th decimal, so that it can be reckoned with: `3.99` with 2 places is 399,
 * halves away from zero. Takes a dot or a comma, and dots between thousands before a comma. Undefined for what is none, or has
 * more than seven digits before the comma.
 */
export function parseDecimal(text: string, places: number): number | undefined {
  const plain = /^-?\d{1,3}(?:\.\d{3})+,\d+$/.test(text) ? text.replaceAll(".", "") : text
  const [, sign, whole, decimals = ""] = /^(-?)0*(\d{1,7})(?:[.,](\d+))?$/.exec(plain) ?? []
  if (whole === undefined) return undefined
  const kept = Number(whole + decimals.slice(0, places).padEnd(places, "0"))
  const rounded = kept + Number((decimals[places] ?? "0") >= "5")
  return sign && rounded > 0 ? -rounded : rounded
}
