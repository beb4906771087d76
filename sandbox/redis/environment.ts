/** Where a Redis is, in the words of the configuration; what is not said is not set. */
export type RedisEnvironment = Partial<Record<(typeof NAMES)[number], string>>

const NAMES = ["REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINELS", "REDIS_SENTINEL_NAME"] as const

/** An environment that names no Redis. */
export const nowhere = Object.fromEntries(NAMES.map((name) => [name, ""]))

/** Have this process, and those it starts, find Redis there and nowhere else; what is returned puts it back. */
export function pointRedisTo(there: RedisEnvironment): () => void {
  const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name] ?? ""]))
  const set = (environment: RedisEnvironment) => {
    for (const name of NAMES) process.env[name] = environment[name] ?? ""
  }
  set(there)
  return () => set(before)
}

/** Whether this process finds Redis there. */
export const isRedisAt = (there: RedisEnvironment) =>
  NAMES.every((name) => (process.env[name] ?? "") === (there[name] ?? ""))
