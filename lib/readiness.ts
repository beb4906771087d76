import { within } from "./within.ts"

const PATIENCE = 2_000

export interface Check {
  ok: boolean
  /** Milliseconds the answer took. */
  latency: number
  error?: string
}

/** Ask every dependency at once whether it answers. */
export async function readiness(dependencies: Record<string, () => Promise<unknown>>) {
  const checks = await Promise.all(
    Object.entries(dependencies).map(async ([name, ask]) => [name, await check(name, ask)] as const),
  )
  const ready = checks.every(([, { ok }]) => ok)
  return { status: ready ? ("ready" as const) : ("unavailable" as const), checks: Object.fromEntries(checks) }
}

async function check(name: string, ask: () => Promise<unknown>): Promise<Check> {
  const asked = performance.now()
  const latency = () => Math.round(performance.now() - asked)
  try {
    await within(PATIENCE, name, ask())
    return { ok: true, latency: latency() }
  } catch (error) {
    return {
      ok: false,
      latency: latency(),
      error: (error as Error).message || String((error as { code?: string }).code),
    }
  }
}
