import { Elysia } from "elysia"
import { noteFetched } from "../../db/exports/fetched.ts"
import { EXPORTS } from "../../lib/exports/link.ts"
import { attachment } from "../../lib/storage/filename.ts"
import { contentTypeOf } from "../../lib/storage/key.ts"
import { readLink } from "../../lib/storage/link.ts"
import { exportStorage, storage } from "../../lib/storage/storage.ts"
import { addressOf } from "../access/address.ts"
import { documentDownload } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { refuseHead } from "../head.ts"
import { type NoFile, noFilePage } from "../pages/no-file.ts"
import { languageOf, readsPages } from "../pages/reader.ts"
import { fromPostgres } from "../postgres.ts"
import { rangeOf } from "../range.ts"

const AWAY = "PostgreSQL, which keeps who fetches an export, does not answer: try again in a moment"

/** Files for whoever has the link to one: its signature is the right to it. */
export const fileRoutes = new Elysia().get(
  "/files/:token",
  ({ params, request }) => download(params.token, request).catch((error) => refuse(error, request)),
  { detail: documentDownload },
)

async function download(token: string, request: Request) {
  refuseHead(request, "any part of a file comes with its size")
  const { headers } = request
  const link = readLink(token)
  if (!link) throw new NoFileError("none", "This is no link to a file: copy it whole, or ask for a new one")
  const { key, filename, expiresAt } = link
  if (Date.now() >= expiresAt * 1_000)
    throw new NoFileError("expired", "This link has expired: ask for a new one")
  const isExport = key.startsWith(EXPORTS)
  const from = isExport ? exportStorage() : storage()
  const file = await from.head(key)
  if (!file) throw gone()

  const { size, modifiedAt } = file
  const etag = `"${size}-${modifiedAt.getTime()}"`
  const range = rangeOf(headers, size, etag)
  if (range === "none")
    throw new HttpError(416, `The file has ${size} bytes`, { "content-range": `bytes */${size}` })
  if (isExport) await noteExport(key, !range || range.start === 0, request)
  const body = await from.get(key, { range })
  if (!body) throw gone()
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      "accept-ranges": "bytes",
      "content-disposition": attachment(filename),
      "content-length": String(range ? range.end - range.start + 1 : size),
      "content-type": contentTypeOf(key),
      etag,
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${size}` }),
    },
  })
}

/** Who fetches an export is noted before they get it. */
async function noteExport(fileKey: string, fromStart: boolean, request: Request) {
  const userAgent = request.headers.get("user-agent") ?? undefined
  const fetching = { fileKey, fromStart, address: addressOf(request), userAgent }
  if (!(await fromPostgres(noteFetched(fetching), AWAY))) throw gone()
}

/** A link that leads to no file, as programs are told. */
class NoFileError extends HttpError {
  readonly why: NoFile

  constructor(why: Exclude<NoFile, "away">, message: string) {
    super(why === "expired" ? 410 : 404, message)
    this.why = why
  }
}

const gone = () => new NoFileError("gone", "The file of this link is no longer kept")

/** People are told by a page. */
function refuse(error: unknown, request: Request): Response {
  if (!(error instanceof HttpError) || !readsPages(request)) throw error
  const why = error instanceof NoFileError ? error.why : error.status === 503 ? "away" : undefined
  if (!why) throw error
  return noFilePage(why, languageOf(request), error)
}
