import "./tracing.ts"
import "./written.ts"
import { Cluster, Redis } from "ioredis"
import { createLog } from "../log.ts"
import type { Address } from "./addresses.ts"
import { keepAwake, SOCKET_TIMEOUT } from "./keep-awake.ts"
import { type ClusterTarget, type RedisOptions, redisTarget } from "./target.ts"

export type RedisClient = Redis | Cluster

/**
 * What each purpose asks of its connection. `producer` fails fast; `worker` waits for Redis however long it is away;
 * `subscriber` listens, and subscribes itself each time it is ready. Each sends a command by itself: those of a batch would
 * wait for each other, and Redis and the process by turns.
 */
const PURPOSES = {
  producer: { maxRetriesPerRequest: 0, enableOfflineQueue: false },
  worker: { maxRetriesPerRequest: null, enableOfflineQueue: true },
  subscriber: { maxRetriesPerRequest: null, enableOfflineQueue: true, autoResubscribe: false },
} satisfies Record<string, RedisOptions>

export type RedisPurpose = keyof typeof PURPOSES

type DnsFound = (error: null, address: string) => void

const CONNECT_TIMEOUT = 10_000
const SLOWEST_RETRY = 2_000

/** Open a connection. It keeps trying for as long as it is not closed, and says once when it loses Redis and once when it is back. */
export function connectRedis(purpose: RedisPurpose, target = redisTarget()): RedisClient {
  const { enableOfflineQueue, ...asked } = PURPOSES[purpose]
  // Family 0 takes IPv4 and IPv6 alike: private networks of hosting platforms may have only the latter.
  const common = {
    family: 0,
    connectTimeout: CONNECT_TIMEOUT,
    socketTimeout: SOCKET_TIMEOUT,
    ...asked,
  }
  const options = { ...common, ...target.options }
  const client =
    target.kind !== "cluster"
      ? new Redis({ ...options, enableOfflineQueue, retryStrategy })
      : purpose === "subscriber"
        ? connectToSome(target.nodes, { ...options, enableOfflineQueue })
        : connectCluster(target, options, enableOfflineQueue)
  // Whoever waits for Redis listens, and there may be many.
  client.setMaxListeners(Number.POSITIVE_INFINITY)
  watch(client, target.name)
  keepAwake(client)
  return client
}

/**
 * Have the copies of a connection that BullMQ makes, one for each queue to wait on, be patient for so many milliseconds:
 * theirs are commands that block.
 */
export function waitOnCopies<Client extends RedisClient>(client: Client, patience: number): Client {
  if (client instanceof Cluster) {
    client.duplicate = (nodes, options) =>
      Cluster.prototype.duplicate.call(client, nodes, {
        ...options,
        redisOptions: { ...options?.redisOptions, socketTimeout: patience },
      })
  } else {
    client.duplicate = (options) =>
      Redis.prototype.duplicate.call(client, { ...options, socketTimeout: patience })
  }
  return client
}

function connectCluster(
  { nodes, options }: ClusterTarget,
  redisOptions: RedisOptions,
  enableOfflineQueue: boolean,
) {
  // A cluster behind TLS announces host names, and its certificate is for them.
  const dnsLookup = options.tls && { dnsLookup: (host: string, found: DnsFound) => found(null, host) }
  return new Cluster(nodes, {
    redisOptions,
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    ...dnsLookup,
  })
}

/**
 * Each node of a cluster passes on what is published at any, so that one is enough to listen at. The connection that
 * ioredis' Cluster keeps for this cannot be pinged, and is opened anew without a word.
 */
function connectToSome(nodes: Address[], options: RedisOptions) {
  const client: Redis = new Redis({
    ...options,
    ...nodes[0],
    retryStrategy(times) {
      // Read again by each try to connect: the node may be gone for good.
      Object.assign(client.options, nodes[times % nodes.length])
      return retryStrategy(times)
    },
  })
  return client
}

const retryStrategy = (times: number) => Math.min(times * 100, SLOWEST_RETRY)

/** Resolves once the connection can take commands, at once when it already can; throws a TimeoutError after `patience` milliseconds. */
export function untilReady(client: RedisClient, patience?: number): Promise<void> {
  if (client.status === "ready") return Promise.resolve()
  return new Promise((resolve, reject) => {
    const ready = () => {
      clearTimeout(timer)
      resolve()
    }
    // Taken off again when it is late: nothing of who waited stays for as long as Redis is away.
    const late = () => {
      client.off("ready", ready)
      reject(new DOMException(`Redis was not there within ${patience} ms`, "TimeoutError"))
    }
    const timer = patience === undefined ? undefined : setTimeout(late, patience)
    client.once("ready", ready)
  })
}

/** Milliseconds that a connection which is being made has, to be one to ask on. */
const TO_CONNECT = 1_000

/** Throws unless Redis answers; at once when there is no connection to ask on, and none on its way. */
export async function pingRedis(client: RedisClient) {
  if (client.status === "connecting" || client.status === "connect") await untilReady(client, TO_CONNECT)
  else if (client.status !== "ready") throw new Error(`not connected (${client.status})`)
  await client.ping()
}

function watch(client: RedisClient, name: string) {
  const log = createLog("Redis")
  let lost = false
  client.on("error", (error: Error & { lastNodeError?: Error }) => {
    if (!lost)
      log.error(`Cannot reach Redis at ${name}; trying again until it answers`, { reason: reasonOf(error) })
    lost = true
  })
  client.on("ready", () => {
    if (lost) log.info(`Redis at ${name} is back`)
    lost = false
  })
}

const reasonOf = (error: Error & { code?: string; lastNodeError?: Error }): string =>
  error.lastNodeError ? reasonOf(error.lastNodeError) : error.message || error.code || error.name
