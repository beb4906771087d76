import { z } from "zod"
import { BadAnswer, Blocked, Unavailable } from "./errors.ts"
import { isFabricated } from "./fabrication.ts"
import { type Row, readRow } from "./row.ts"

/** A page of what was found. `rows` has undefined for what is no row; `total` counts all sales found, more than can be had. */
export interface Page {
  rows: (Row | undefined)[]
  total: number
}

const answer = z.object({
  produtos: z.array(z.unknown()),
  // The other rules for the last page do without it.
  total: z.coerce.number().catch(Number.POSITIVE_INFINITY),
})

/**
 * The page that a body holds, null being the one of an answer without. Throws Blocked when it was made up or is no JSON, but
 * something for people to look at; Unavailable when it ends too soon; BadAnswer when it is something else. `asked` is the
 * geohash of the search.
 */
export function readPage(body: string | null, asked: string): Page {
  if (body === null) return { rows: [], total: 0 }
  const { data, error } = answer.safeParse(parseJson(body))
  if (error) throw new BadAnswer(`Nota Paraná answered without a list of products: ${z.prettifyError(error)}`)
  const rows = data.produtos.map(readRow)
  if (isFabricated(rows, asked)) throw new Blocked("Nota Paraná answered with fabricated rows")
  if (rows.length > 0 && rows.every((row) => row === undefined))
    throw new BadAnswer(`none of the ${rows.length} rows that Nota Paraná answered has the form of one`)
  return { rows, total: data.total }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    if (/^\s*[^{\s]/.test(body))
      throw new Blocked("Nota Paraná answered with a page for people instead of JSON")
    throw new Unavailable(`Nota Paraná's answer breaks off after ${body.length} characters`)
  }
}
