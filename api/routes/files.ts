import { Elysia } from "elysia"
import { attachment } from "../../lib/storage/filename.ts"
import { contentTypeOf } from "../../lib/storage/key.ts"
import { readLink } from "../../lib/storage/link.ts"
import { storage } from "../../lib/storage/storage.ts"
import { documentDownload } from "../documentation/jobs.ts"
import { HttpError } from "../errors.ts"
import { rangeOf } from "../range.ts"

/** Files for whoever has the link to one: its signature is the right to it. */
export const fileRoutes = new Elysia().get(
  "/files/:token",
  ({ params, request }) => download(params.token, request),
  { detail: documentDownload },
)

async function download(token: string, { headers, method }: Request) {
  // Elysia would read the whole file to tell its length, or tell a wrong one.
  if (method === "HEAD")
    throw new HttpError(405, "Ask with GET: any part of a file comes with its size", { allow: "GET" })
  const link = readLink(token)
  if (!link) throw new HttpError(404, "This is no link to a file: copy it whole, or ask for a new one")
  const { key, filename, expiresAt } = link
  if (Date.now() >= expiresAt * 1_000) throw new HttpError(410, "This link has expired: ask for a new one")
  const file = await storage().head(key)
  if (!file) throw gone()

  const { size, modifiedAt } = file
  const etag = `"${size}-${modifiedAt.getTime()}"`
  const range = rangeOf(headers, size, etag)
  if (range === "none")
    throw new HttpError(416, `The file has ${size} bytes`, { "content-range": `bytes */${size}` })
  const body = await storage().get(key, { range })
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

const gone = () => new HttpError(404, "The file of this link is no longer kept")
