/** Milliseconds that a Retry-After header asks to wait, which says seconds or a date; nought when it says neither, or what has passed. */
export function retryAfterOf(header: string | null | undefined, now = Date.now()): number {
  if (!header) return 0
  const seconds = Number(header)
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000
  return Number.isFinite(wait) ? Math.max(0, wait) : 0
}
