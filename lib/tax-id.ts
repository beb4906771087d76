/** Whether 11 digits are a CPF, or 14 digits and capitals a CNPJ: the last two digits follow from the others. */
export function isTaxId(text: string): boolean {
  if (/^(.)\1*$/.test(text)) return false
  const highest = text.length === 11 ? 11 : 9
  return [2, 1].every((place) => checkDigit(text.slice(0, -place), highest) === text.at(-place))
}

/** A tax id as people write it: 529.982.247-25, 11.222.333/0001-81. */
export const formatTaxId = (taxId: string): string =>
  taxId.length === 11
    ? taxId.replace(/^(...)(...)(...)(..)$/, "$1.$2.$3-$4")
    : taxId.replace(/^(..)(...)(...)(....)(..)$/, "$1.$2.$3/$4-$5")

/** Weighs 2, 3, … from the right, up to `highest` and then again; a letter counts by its place in ASCII, as a digit does. */
function checkDigit(text: string, highest: number): string {
  let sum = 0
  for (let place = 0; place < text.length; place++)
    sum += (text.charCodeAt(text.length - 1 - place) - 48) * (2 + (place % (highest - 1)))
  const rest = sum % 11
  return String(rest < 2 ? 0 : 11 - rest)
}
