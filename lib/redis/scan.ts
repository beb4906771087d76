import { Cluster } from "ioredis"
import { onRedis } from "../queues.ts"

/** Keys that Redis looks at in one command, and does nothing else meanwhile. */
const LOOKED_AT = 500

/**
 * The keys that begin so, a few at a time; Redis is never asked for all of them. One may come twice, and one that comes to be meanwhile may not
 * come. Throws RedisUnavailable.
 */
export async function* keysThatBegin(start: string, signal: AbortSignal): AsyncGenerator<string[]> {
  const nodes = await onRedis(async (client) =>
    client instanceof Cluster ? client.nodes("master") : [client],
  )
  for (const node of nodes) {
    let cursor = "0"
    do {
      signal.throwIfAborted()
      const at = cursor
      const [next, keys] = await onRedis(() => node.scan(at, "MATCH", `${start}*`, "COUNT", LOOKED_AT))
      if (keys.length) yield keys
      cursor = next
    } while (cursor !== "0")
  }
}
