import { RedisUnavailable } from "../errors.ts"
import { createPatience } from "../patience.ts"
import { within } from "../within.ts"
import { type RedisClient, untilReady } from "./connect.ts"
import { isRedisAway } from "./errors.ts"

/** Milliseconds Redis has to answer before it counts as away. */
const PATIENCE = 1_000

const patiently = createPatience(PATIENCE, "Redis")

/** Ask Redis something. Throws RedisUnavailable when it has not answered in time. */
export async function askRedis<T>(client: RedisClient, ask: (client: RedisClient) => Promise<T>): Promise<T> {
  const asked = performance.now()
  try {
    if (client.status === "ready") return await patiently(ask(client))
    // Left to itself BullMQ waits for a Redis that is away, and adds a run long after its caller was told otherwise.
    await untilReady(client, PATIENCE)
    const left = PATIENCE - (performance.now() - asked)
    return await within(Math.max(0, left), "Redis", ask(client))
  } catch (error) {
    throw isRedisAway(error) ? new RedisUnavailable(error) : error
  }
}
