import { z } from "zod"

/** Whether this is a zone of the IANA's, such as America/Sao_Paulo. */
export function isZone(zone: string) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

/** The zone whose calendar and clock a text goes by; that of São Paulo unless said otherwise. */
export const timeZone = z
  .string()
  .refine(isZone, { error: "an IANA zone, such as America/Sao_Paulo" })
  .default("America/Sao_Paulo")
