import { PayloadError } from "../lib/errors.ts"
import { pathToNul } from "../lib/path-to-nul.ts"
import { HttpError } from "./errors.ts"

/** Bytes a request may bring: a payload at its limit, its escapes, and the options beside it. */
export const BODY_LIMIT = 256 * 1024

/** Bytes a request may bring that asks for many runs: some four thousand for each of a thousand. */
export const BATCH_LIMIT = 4 * 1024 * 1024

/** Bytes that a lead may have. */
export const LEAD_LIMIT = 64 * 1024

/** Bytes that a form of a page may have. */
export const FORM_LIMIT = 16 * 1024

/** Lists and objects within each other in a body: whatever walks through one does not run out of stack. */
const DEEPEST = 100

/** The JSON a request brings; undefined if it brings nothing. Throws 415, 413 or 400 with the sentence for the caller. */
export async function readJson(request: Request, limit = BODY_LIMIT): Promise<unknown> {
  const { method, headers } = request
  if (method === "GET" || method === "HEAD") return undefined
  const type = headers.get("content-type") ?? ""
  const length = headers.get("content-length")
  // Told by the headers: a runtime may have a body where nothing was sent.
  const isEmpty = Number(length ?? 0) === 0 && !headers.has("transfer-encoding")
  if (!type && isEmpty) return undefined
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) throw notJson(type)
  // Clients that only ever send JSON say so with nothing as well.
  if (isEmpty) return undefined
  const text = decode(await readBytes(request, limit))
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${(error as Error).message}`)
  }
  if (text.length > 2 * DEEPEST && isDeeper(parsed, DEEPEST))
    throw new HttpError(400, `The body has lists or objects within each other, more than ${DEEPEST} of them`)
  // Only what may have a NUL is walked for it: its escape can also be the text of one.
  const nul = text.includes("\\u0000") ? pathToNul(parsed) : undefined
  if (nul === undefined) return parsed
  throw new PayloadError("Bad request", [{ path: nul, message: "a text without NUL characters" }])
}

/** The bytes a request brings. Throws 413 or 400 with the sentence for the caller. */
export function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | ArrayBuffer> {
  const length = request.headers.get("content-length")
  if (Number(length ?? 0) > limit) throw tooLarge(limit)
  // A length that was given is held by the server.
  return (length === null ? count(request, limit) : request.arrayBuffer()).catch(unread)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false
  if (levels === 0) return true
  for (const name in value) if (isDeeper((value as Record<string, unknown>)[name], levels - 1)) return true
  return false
}

/** A body without a length is counted as it comes. */
async function count(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
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

function decode(bytes: Uint8Array | ArrayBuffer) {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new HttpError(400, "The body is not UTF-8")
  }
}

/** For a body that is not JSON by its content type. */
export const notJson = (type: string) =>
  new HttpError(
    415,
    `Send JSON with content-type: application/json${type ? `, not ${type.slice(0, 100)}` : ""}`,
  )

/** For a body of more than so many bytes. */
export const tooLarge = (limit: number) =>
  new HttpError(413, `The body has more than ${limit} bytes: store large things and send their storage keys`)
