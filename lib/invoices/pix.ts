import { pixCodeFor } from "../pix-code.ts"
import type { InvoiceContent } from "./content.ts"

/** The PIX code that pays an agency a sum, known by a `txid`; null for one that has no key. */
export const pixCodeOf = (
  { pixKey, legalName, name, city }: Pick<InvoiceContent["agency"], "pixKey" | "legalName" | "name" | "city">,
  amountCents: number,
  txid: string,
): string | null =>
  pixKey && pixCodeFor({ key: pixKey, name: legalName ?? name, city: city ?? "", amountCents, txid })
