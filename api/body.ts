import { PayloadError } from "../lib/errors.ts"
import { pathToNul } from "../lib/path-to-nul.ts"
import { HttpError } from "./errors.ts"

/** Bytes a request may bring: a payload at its limit, its escapes, and the options beside it. */
const BODY_LIMIT = 256 * 1024

/** Bytes a request may bring that asks for many runs: some four thousand for each of a thousand. */
export const BATCH_LIMIT = 4 * 1024 * 1024

/** The JSON a request brings; null or undefined if it brings nothing. Throws 415, 413 or 400 with the sentence for the caller. */
export async function readJson(request: Request, limit = BODY_LIMIT): Promise<unknown> {
  const type = request.headers.get("content-type") ?? ""
  if (!type && isEmpty(request)) return undefined
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw new HttpError(
      415,
      `Send JSON with content-type: application/json${type ? `, not ${type.slice(0, 100)}` : ""}`,
    )
  }
  // Clients that only ever send JSON say so with nothing as well. Undefined, Elysia would read it itself.
  if (isEmpty(request)) return null
  const text = decode(await readBytes(request, limit))
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${(error as Error).message}`)
  }
  // Only what may have a NUL is walked for it: its escape can also be the text of one.
  const nul = text.includes("\\u0000") ? pathToNul(parsed) : undefined
  if (nul === undefined) return parsed
  throw new PayloadError("Bad request", [{ path: nul, message: "a text without NUL characters" }])
}

// Told by the headers: a runtime may have a body where nothing was sent.
const isEmpty = ({ headers }: Request) =>
  Number(headers.get("content-length") ?? 0) === 0 && !headers.has("transfer-encoding")

/** The bytes a request brings. Throws 413 or 400 with the sentence for the caller. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit)
  return await gather(request, limit).catch(unread)
}

async function gather(request: Request, limit: number) {
  // A length that was given is held by the server; without one the body is counted as it comes.
  if (request.headers.has("content-length")) return new Uint8Array(await request.arrayBuffer())
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What has no answer of its own went wrong on the way: the caller has left, or sends no body that can be read. */
function unread(error: unknown): never {
  throw error instanceof HttpError ? error : new HttpError(400, "The body did not arrive whole")
}

const utf8 = new TextDecoder("utf-8", { fatal: true })

function decode(bytes: Uint8Array) {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new HttpError(400, "The body is not UTF-8")
  }
}

const tooLarge = (limit: number) =>
  new HttpError(413, `The body has more than ${limit} bytes: store large things and send their storage keys`)
