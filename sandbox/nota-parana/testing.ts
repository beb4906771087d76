import type { NotaParanaSimulator } from "./simulator.ts"

/** The middle of Maringá, as a search is asked from there. */
export const CENTRE = "6gg4dpecb"

/** A search as the service's own application asks for it, with other parameters over the usual ones; undefined takes one out. */
export function ask(
  { api }: NotaParanaSimulator,
  parameters: Record<string, string | number | undefined>,
  headers: Record<string, string> = {},
) {
  const query = new URLSearchParams()
  const usual = { local: CENTRE, offset: 0, raio: 20, data: 60, ordem: 0 }
  for (const [name, value] of Object.entries({ ...usual, ...parameters }))
    if (value !== undefined) query.set(name, String(value))
  return fetch(`${api}/produtos?${query}`, { headers })
}
