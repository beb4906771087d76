import { Elysia } from "elysia"
import { z } from "zod"
import { type RunPlace, SearchTooLong, searchRuns } from "../../db/run-search.ts"
import { type QueuedPlace, searchQueued } from "../../lib/queued-runs.ts"
import { isQueuedStatus, type RunFilter } from "../../lib/run-filter.ts"
import { allow } from "../access/allow.ts"
import { narrowed } from "../access/queues.ts"
import { cursorOf, placeOf } from "../cursor.ts"
import { documentSearch } from "../documentation/runs.ts"
import { HttpError } from "../errors.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"
import { searchQuery } from "../requests.ts"
import { readFilter } from "../run-filter.ts"

const AWAY = "PostgreSQL, which knows the runs that have ended, does not answer: try again in a moment"

/** Runs, looked for by what is known of them. */
export const runRoutes = new Elysia({ prefix: "/api/admin/runs" }).get(
  "",
  ({ request }) => search(request),
  allow("read", documentSearch(), { narrows: true }),
)

/** What a query says; a word that is said twice is a list, which none may be. The router would keep one of the two. */
function wordsIn(url: string): Record<string, unknown> {
  const { searchParams } = new URL(url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((word) => {
      const said = searchParams.getAll(word)
      return [word, said.length > 1 ? said : said[0]]
    }),
  )
}

interface Asked {
  limit: number
  cursor?: string | undefined
}

async function search(request: Request) {
  const { limit, cursor, ...words } = wordsIn(request.url)
  const asked = parse(searchQuery, {
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  })
  const filter = narrowed(readFilter(words), request)
  return filter.status && isQueuedStatus(filter.status)
    ? await inRedis(filter, asked)
    : await inLedger(filter, asked)
}

const id = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/)
const ledgerPlace = z.strictObject({ at: z.int(), id }) satisfies z.ZodType<RunPlace>
const queuedPlace = z.strictObject({
  source: z.int().min(0),
  score: z.number().exactOptional(),
  id: id.exactOptional(),
}) satisfies z.ZodType<QueuedPlace>

async function inLedger(filter: RunFilter, { limit, cursor }: Asked) {
  const after = cursor === undefined ? null : placeOf(cursor, ledgerPlace)
  const found = searchRuns(filter, { after, limit }).catch((error) => {
    throw error instanceof SearchTooLong ? new HttpError(503, error.message) : error
  })
  const { runs, next } = await fromPostgres(found, AWAY)
  return { runs, next: next && cursorOf(next) }
}

async function inRedis(filter: RunFilter, { limit, cursor }: Asked) {
  const after = cursor === undefined ? null : placeOf(cursor, queuedPlace)
  const { runs, next, scanned } = await searchQueued(filter, { after, limit })
  return { runs, next: next && cursorOf(next), scanned }
}
