import { z } from "zod"

const iso = z.iso.datetime({ local: true, offset: true })

/** The moment that an ISO 8601 text names; without a zone it is taken for UTC, as Nota Paraná means it. Undefined for what names none. */
export function parseMoment(text: string): Date | undefined {
  if (!iso.safeParse(text).success) return undefined
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text)
  return new Date(hasZone ? text : `${text}Z`)
}
