import { HttpError } from "./errors.ts"

/**
 * A request whose URL the router reads as the URL standard does. Elysia looks for the path from the twelfth character on,
 * which is amiss for a host of three letters without a port; and a malformed Host header leaves no host at all.
 */
export function routable(request: Request): Request {
  const { url } = request
  const path = url.indexOf("/", url.indexOf("://") + 3)
  if (/^https?:\/\//.test(url) && path >= 11 && URL.canParse(url)) return request
  const target = /^https?:\/\/[^/]*(\/.*)?$/s.exec(url)?.[1] ?? (url.startsWith("/") ? url : "/")
  const routed = new Request(`http://localhost${target}`, request)
  cameAs.set(routed, request)
  return routed
}

const cameAs = new WeakMap<Request, Request>()

/** A request as the server has it. */
export const asCame = (request: Request): Request => cameAs.get(request) ?? request

/** Throws 404 for a path that is no text: a route would get nothing for a part of it. */
export function checkPath(path: string) {
  if (!path.includes("%")) return
  try {
    decodeURIComponent(path)
  } catch {
    throw noText()
  }
}

/** For such a path. */
export const noText = () =>
  new HttpError(404, "No such path: encode each part of it, as UTF-8 with percent signs")
