import { checksum } from "./pix.ts"

/** Whom a PIX code pays, and what; the payer is asked for a sum that is left out. */
export interface PixCharge {
  /** A key of PIX, as it is registered. */
  key: string
  name: string
  city: string
  amountCents?: number
  /** What the payment is known by afterwards: up to 25 letters and digits. */
  txid?: string
}

/** Most characters of each, as the manual has it. */
const LONGEST = { name: 25, city: 15, txid: 25 }

/**
 * A static PIX code (copia e cola), as the Banco Central's "Manual de Padrões para Iniciação do Pix" writes it. It has no due date: what is asked for
 * late has to be in the sum. Banks show ASCII alone, so that accents go, and a name that has nothing else is replaced.
 */
export function pixCodeFor({ key, name, city, amountCents, txid }: PixCharge): string {
  const fields = [
    ["00", "01"],
    [
      "26",
      written([
        ["00", "br.gov.bcb.pix"],
        ["01", key],
      ]),
    ],
    ["52", "0000"],
    ["53", "986"],
    ...(amountCents === undefined ? [] : [["54", (amountCents / 100).toFixed(2)]]),
    ["58", "BR"],
    ["59", plain(name, LONGEST.name) || "RECEBEDOR"],
    ["60", plain(city, LONGEST.city) || "BRASIL"],
    ["62", written([["05", plain(txid ?? "", LONGEST.txid).replace(/[^A-Za-z0-9]/g, "") || "***"]])],
  ]
  const code = `${written(fields)}6304`
  return code + checksum(code)
}

/** Ids, lengths and values. Throws a RangeError for what is too long for its length's two digits. */
const written = (fields: string[][]): string =>
  fields
    .map(([id, value = ""]) => {
      if (value.length > 99) throw new RangeError(`A PIX code has no room for ${value}`)
      return `${id}${String(value.length).padStart(2, "0")}${value}`
    })
    .join("")

const plain = (text: string, longest: number) =>
  text
    .normalize("NFKD")
    .replace(/[^ -~]/g, "")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, longest)
    .trim()
