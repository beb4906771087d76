import { HttpError } from "../errors.ts"

const SAFE = new Set(["GET", "HEAD", "OPTIONS"])

/** Throws 403 for a call that a page of another site has a browser make. `mustTell`: one that does not say what page it is of is refused as well. */
export function checkOrigin({ method, headers }: Request, mustTell: boolean) {
  if (SAFE.has(method)) return
  const origin = headers.get("origin")
  if (origin === null && !mustTell) return
  if (origin === null || hostOf(origin) !== headers.get("host"))
    throw new HttpError(403, "Forbidden: with a session this can be asked for by pages of this host alone")
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
