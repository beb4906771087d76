/** Batches that one push service is asked to take at a time, by all runs of this process. */
const AT_A_TIME = 2

const underWay = new Map<string, number>()
let freed = Promise.withResolvers<void>()

/** The push services that are asked as much as they may be. */
export const busyServices = (): string[] =>
  [...underWay].filter(([, count]) => count >= AT_A_TIME).map(([service]) => service)

/** Take a place at a push service, and return what gives it up; undefined when none is free. */
export function takePlace(service: string): (() => void) | undefined {
  const count = underWay.get(service) ?? 0
  if (count >= AT_A_TIME) return undefined
  underWay.set(service, count + 1)
  return () => {
    const left = underWay.get(service)! - 1
    if (left > 0) underWay.set(service, left)
    else underWay.delete(service)
    freed.resolve()
    freed = Promise.withResolvers()
  }
}

/** What resolves when a place is given up from now on. */
export const nextFreed = (): Promise<void> => freed.promise

/** Wait for that, or until the signal is aborted. */
export async function untilFreed(free: Promise<void>, signal: AbortSignal) {
  if (signal.aborted) return
  const stopped = Promise.withResolvers<void>()
  const stop = () => stopped.resolve()
  signal.addEventListener("abort", stop, { once: true })
  await Promise.race([free, stopped.promise])
  signal.removeEventListener("abort", stop)
}
