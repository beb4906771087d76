import { createLog } from "./log.ts"
import { within } from "./within.ts"

const PATIENCE = 2_000

/** Milliseconds for which an answer is given again: whoever asks often costs no more than that. */
const FRESH = 1_000

export interface Check {
  ok: boolean
  /** Milliseconds the answer took. */
  latency: number
}

const failing = new Set<string>()

/** Ask every dependency at once whether it answers. Why one does not is logged, once, and told to nobody. */
export async function readiness(dependencies: Record<string, () => Promise<unknown>>) {
  const checks = await Promise.all(
    Object.entries(dependencies).map(async ([name, ask]) => [name, await check(name, ask)] as const),
  )
  const ready = checks.every(([, { ok }]) => ok)
  return { status: ready ? ("ready" as const) : ("unavailable" as const), checks: Object.fromEntries(checks) }
}

/** The same question, asked at most once a second, or once in so many milliseconds. */
export function kept<T>(ask: () => Promise<T>, fresh = FRESH): () => Promise<T> {
  let latest: { answer: Promise<T>; at: number } | undefined
  return () => {
    if (!latest || performance.now() - latest.at > fresh) latest = { answer: ask(), at: performance.now() }
    return latest.answer
  }
}

async function check(name: string, ask: () => Promise<unknown>): Promise<Check> {
  const asked = performance.now()
  const latency = () => Math.round(performance.now() - asked)
  const log = createLog("Ready")
  try {
    await within(PATIENCE, name, ask())
    if (failing.delete(name)) log.info(`${name} answers again`)
    return { ok: true, latency: latency() }
  } catch (error) {
    if (!failing.has(name)) log.warn(`${name} does not answer`, { reason: (error as Error).message })
    failing.add(name)
    return { ok: false, latency: latency() }
  }
}
