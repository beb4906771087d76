import type { RedisOptions as AnyRedisOptions } from "ioredis"
import { z } from "zod"
import { connectionUrl, count, defineEnv, flag } from "../env.ts"
import { ConfigurationError } from "../errors.ts"
import { type Address, parseAddresses } from "./addresses.ts"
import { FollowingConnector } from "./sentinel-connector.ts"

export const redisEnv = defineEnv({
  REDIS_URL: connectionUrl(/^rediss?$/)
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
export type RedisOptions = Omit<AnyRedisOptions, "replyMapping">

type RedisEnv = ReturnType<typeof redisEnv>

/** How a Redis is reached, read from the environment; `name` is fit to be shown. */
export type RedisTarget =
  | { kind: "standalone" | "sentinel"; name: string; options: RedisOptions }
  | ClusterTarget

export interface ClusterTarget {
  kind: "cluster"
  name: string
  nodes: Address[]
  options: Pick<RedisOptions, "username" | "password" | "tls">
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
      // Told of a failover, a connection leaves the old master at once: what that still takes is lost.
      options: {
        sentinels,
        name: env.REDIS_SENTINEL_NAME,
        failoverDetector: true,
        Connector: FollowingConnector,
        ...login,
        ...secured,
      },
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
