import { type RedisOptions as AnyRedisOptions, Cluster, Redis } from "ioredis"
import { z } from "zod"
import { type Address, parseAddresses } from "./addresses.ts"
import { count, defineEnv, flag } from "./env.ts"
import { ConfigurationError } from "./errors.ts"
import { createLog } from "./log.ts"

export const redisEnv = defineEnv({
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis as one URL: `redis://user:password@host:6379/0`, or `rediss://` for TLS"),
  REDIS_TLS: flag
    .default(false)
    .describe("speak TLS though the URL says `redis://`, or to cluster nodes and sentinels"),
  UPSTASH_REDIS_HOST: z.string().optional().describe("Upstash: the host (always TLS)"),
  UPSTASH_REDIS_PORT: count.max(65535).default(6379).describe("Upstash: the port"),
  UPSTASH_REDIS_PASSWORD: z.string().optional().describe("Upstash: the password"),
  REDIS_CLUSTER_NODES: z
    .string()
    .optional()
    .describe("Redis Cluster: some of its nodes, `host:port,host:port`"),
  REDIS_SENTINELS: z
    .string()
    .optional()
    .describe("Redis behind Sentinel: the sentinels, `host:port,host:port`"),
  REDIS_SENTINEL_NAME: z
    .string()
    .default("mymaster")
    .describe("Redis behind Sentinel: the name of the master"),
  REDIS_USERNAME: z.string().optional().describe("Cluster or Sentinel: the user, where there is one"),
  REDIS_PASSWORD: z.string().optional().describe("Cluster or Sentinel: the password"),
})

// With the mapping of replies in them, ioredis tells clients of different types.
type RedisOptions = Omit<AnyRedisOptions, "replyMapping">

export type RedisClient = Redis | Cluster
type RedisEnv = ReturnType<typeof redisEnv>

/** How a Redis is reached, read from the environment; `name` is fit to be shown. */
export type RedisTarget =
  | { kind: "standalone" | "sentinel"; name: string; options: RedisOptions }
  | ClusterTarget

interface ClusterTarget {
  kind: "cluster"
  name: string
  nodes: Address[]
  options: Pick<RedisOptions, "username" | "password" | "tls">
}

/** What each purpose asks of its connection. `producer` fails fast; `worker` waits for Redis however long it is away. */
const PURPOSES = {
  producer: { maxRetriesPerRequest: 0, enableOfflineQueue: false },
  worker: { maxRetriesPerRequest: null, enableOfflineQueue: true },
} satisfies Record<string, RedisOptions>

export type RedisPurpose = keyof typeof PURPOSES

type DnsFound = (error: null, address: string) => void

const CONNECT_TIMEOUT = 10_000
const SLOWEST_RETRY = 2_000

/** Open a connection. It keeps trying for as long as it is not closed, and says once when it loses Redis and once when it is back. */
export function connectRedis(purpose: RedisPurpose, target = redisTarget()): RedisClient {
  const { enableOfflineQueue, maxRetriesPerRequest } = PURPOSES[purpose]
  // Family 0 takes IPv4 and IPv6 alike: private networks of hosting platforms may have only the latter.
  const common = {
    family: 0,
    connectTimeout: CONNECT_TIMEOUT,
    enableAutoPipelining: true,
    maxRetriesPerRequest,
  }
  const client =
    target.kind === "cluster"
      ? connectCluster(target, { ...common, ...target.options }, enableOfflineQueue)
      : new Redis({ ...common, ...target.options, enableOfflineQueue, retryStrategy })
  watch(client, target.name)
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
    enableAutoPipelining: true,
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    ...dnsLookup,
  })
}

const retryStrategy = (times: number) => Math.min(times * 100, SLOWEST_RETRY)

const becomingReady = new WeakMap<RedisClient, Promise<void>>()

/** Resolves once the connection can take commands; at once when it already can. */
export function untilReady(client: RedisClient): Promise<void> {
  if (client.status === "ready") return Promise.resolve()
  const ready =
    becomingReady.get(client) ?? new Promise<void>((resolve) => client.once("ready", () => resolve()))
  becomingReady.set(client, ready)
  return ready.then(() => void becomingReady.delete(client))
}

/** Which of the forms the environment has chosen. */
export function redisTarget(env = redisEnv()): RedisTarget {
  const tls = env.REDIS_TLS ? { tls: {} } : {}
  const login = {
    ...(env.REDIS_USERNAME ? { username: env.REDIS_USERNAME } : {}),
    ...(env.REDIS_PASSWORD ? { password: env.REDIS_PASSWORD } : {}),
  }
  if (env.REDIS_URL) return { kind: "standalone", ...fromUrl(new URL(env.REDIS_URL), tls) }
  if (env.UPSTASH_REDIS_HOST) return { kind: "standalone", ...fromUpstash(env) }
  if (env.REDIS_CLUSTER_NODES) {
    const nodes = parseAddresses("REDIS_CLUSTER_NODES", env.REDIS_CLUSTER_NODES, 6379)
    return { kind: "cluster", name: env.REDIS_CLUSTER_NODES, nodes, options: { ...login, ...tls } }
  }
  if (env.REDIS_SENTINELS) {
    const sentinels = parseAddresses("REDIS_SENTINELS", env.REDIS_SENTINELS, 26379)
    const secured = env.REDIS_TLS ? { ...tls, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}
    const name = `${env.REDIS_SENTINEL_NAME} of ${env.REDIS_SENTINELS}`
    return {
      kind: "sentinel",
      name,
      options: { sentinels, name: env.REDIS_SENTINEL_NAME, ...login, ...secured },
    }
  }
  throw new ConfigurationError(
    "set REDIS_URL (or UPSTASH_REDIS_HOST and UPSTASH_REDIS_PASSWORD, or REDIS_CLUSTER_NODES, or REDIS_SENTINELS)",
  )
}

function fromUrl(url: URL, tls: { tls?: object }) {
  const database = url.pathname.slice(1)
  if (database && !/^\d+$/.test(database)) {
    throw new ConfigurationError(
      `REDIS_URL is not right: its path is the number of a database, not "${database}"`,
    )
  }
  return {
    name: url.host,
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || 6379),
      ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
      ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
      ...(database ? { db: Number(database) } : {}),
      ...(url.protocol === "rediss:" ? { tls: {} } : tls),
    },
  }
}

function fromUpstash({
  UPSTASH_REDIS_HOST: host = "",
  UPSTASH_REDIS_PORT: port,
  UPSTASH_REDIS_PASSWORD: password,
}: RedisEnv) {
  if (!password) throw new ConfigurationError("set UPSTASH_REDIS_PASSWORD (Upstash: the password)")
  return { name: `${host}:${port}`, options: { host, port, password, tls: {} } }
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
