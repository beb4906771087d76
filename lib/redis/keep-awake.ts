import { setInterval } from "node:timers"
import { Cluster } from "ioredis"
import type { RedisClient } from "./connect.ts"

/** Milliseconds between two pings of a connection. */
const HEARTBEAT = 5_000

/**
 * Milliseconds a command may wait for any answer before its connection is given up and opened anew. Together with the
 * heartbeat this notices a peer that has gone without a word.
 */
export const SOCKET_TIMEOUT = 10_000

/** Ping a connection for as long as it is not closed. Pings are not billed, and do not keep a process alive. */
export function keepAwake(client: RedisClient) {
  const timer = setInterval(() => {
    const nodes = client instanceof Cluster ? client.nodes("all") : [client]
    // A ping that fails ends its connection, which tells of that itself.
    for (const node of nodes) if (node.status === "ready") node.ping().catch(() => undefined)
  }, HEARTBEAT)
  timer.unref()
  client.once("end", () => clearInterval(timer))
}
