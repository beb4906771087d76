import type { ByteRange } from "../lib/storage/types.ts"

/**
 * The part of `size` bytes that a request asks for (RFC 9110, section 14): undefined for all of them, also when several parts
 * are asked for, or of another version than `etag`; `none` when it begins past their end.
 */
export function rangeOf(headers: Headers, size: number, etag: string): ByteRange | "none" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(headers.get("range") ?? "") ?? []
  const isOfAnother = (headers.get("if-range") ?? etag) !== etag
  if (isOfAnother || (!first && !last)) return undefined
  if (!first)
    return Number(last) > 0 && size > 0 ? { start: Math.max(0, size - Number(last)), end: size - 1 } : "none"
  if (last && Number(last) < Number(first)) return undefined
  const end = last ? Math.min(Number(last), size - 1) : size - 1
  return Number(first) < size ? { start: Number(first), end } : "none"
}
