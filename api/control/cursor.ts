import type { Place } from "../../lib/control/ended-page.ts"

const FORM = /^(\d{1,15})_([a-z0-9-]{1,100})_([\w:.-]{1,200})$/

/** A place in a list, as a text for the query of a URL. */
export const toCursor = ({ at, source, id }: Place) => `${at}_${source}_${id}`

/** The place that a cursor stands for; undefined for a text that is none. */
export function fromCursor(text: string): Place | undefined {
  const [, at, source, id] = FORM.exec(text) ?? []
  return at && source && id ? { at: Number(at), source, id } : undefined
}
