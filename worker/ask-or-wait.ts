import { RedisUnavailable, RetryLater } from "../lib/errors.ts"
import { onRedis } from "../lib/queues.ts"
import type { RedisClient } from "../lib/redis/connect.ts"

/** Milliseconds until a run is called again that could not ask Redis. */
const WAIT = 1_000

/** Ask Redis something on behalf of a run. Throws RetryLater while it is away: that is no fault of the run. */
export const askOrWait = <T>(ask: (client: RedisClient) => Promise<T>): Promise<T> =>
  onRedis(ask).catch((error) => {
    throw error instanceof RedisUnavailable ? new RetryLater(WAIT, error.message) : error
  })
