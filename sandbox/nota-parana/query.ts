import { z } from "zod"
import { isGeohash } from "../../lib/geohash.ts"

const number = (fallback: number) => z.coerce.number().catch(fallback)

const queryParameters = z.object({
  local: z.string().refine(isGeohash),
  termo: z.string().default(""),
  gtin: z.string().default(""),
  categoria: z.string().default(""),
  offset: number(0),
  raio: number(20),
  data: number(-1),
})

/** What is asked for: `raio` in kilometres, `data` in days back. The sort order is ignored, as some have found. */
export type Query = z.output<typeof queryParameters>

/** What a request asks for, or undefined when it does not say where: the service then fails. */
export const queryOf = (url: string): Query | undefined =>
  queryParameters.safeParse(Object.fromEntries(new URL(url).searchParams)).data
