/** Milliseconds between two looks at how late the event loop is. */
const RESOLUTION = 20

/** The looks of a minute: what is later told of is of the last one. */
const KEPT = 3_000

/** How late the event loop was since it was told last, in seconds. */
export interface Lateness {
  p50: number
  p99: number
  max: number
}

/** Watches how late the event loop is. Deno's `monitorEventLoopDelay` does not see it held up, so there is a timer of our own. */
export function watchEventLoop(): () => Lateness {
  const looks = new Float64Array(KEPT)
  let count = 0
  let due = performance.now() + RESOLUTION
  const look = () => {
    const now = performance.now()
    looks[count % KEPT] = Math.max(0, now - due)
    count += 1
    due = now + RESOLUTION
  }
  setInterval(look, RESOLUTION).unref()

  return () => {
    const sorted = looks.slice(0, Math.min(count, KEPT)).sort()
    count = 0
    const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] ?? 0) / 1_000
    return { p50: at(0.5), p99: at(0.99), max: at(1) }
  }
}
