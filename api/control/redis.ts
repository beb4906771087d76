import type { z } from "zod"
import { RedisUnavailable } from "../../lib/errors.ts"
import { onRedis } from "../../lib/queues.ts"
import { redisFacts } from "../../lib/redis/facts.ts"
import { redisTarget } from "../../lib/redis/target.ts"
import type { toldRedis } from "./told.ts"

/** Milliseconds that Redis takes to answer; null when it does not. */
export async function pingTime(): Promise<number | null> {
  const asked = performance.now()
  try {
    await onRedis((client) => client.ping())
  } catch (error) {
    if (error instanceof RedisUnavailable) return null
    throw error
  }
  return Math.round((performance.now() - asked) * 10) / 10
}

/** How Redis is, and what it tells of itself; `connected` is false while it does not answer. */
export async function tellRedis(): Promise<z.output<typeof toldRedis>> {
  const latency = await pingTime()
  if (latency === null)
    return {
      health: { status: "unhealthy", latency },
      info: { connected: false, mode: redisTarget().kind },
    }
  return { health: { status: "healthy", latency }, info: await onRedis(redisFacts) }
}
