import { Cluster } from "ioredis"
import type { RedisClient } from "./connect.ts"
import { redisTarget } from "./target.ts"

/** What a Redis tells of itself; of a cluster, its masters together. */
export interface RedisFacts {
  connected: true
  mode: "standalone" | "cluster" | "sentinel"
  version: string
  /** As Redis writes it: `12.30M`. */
  usedMemory: string
  connectedClients: number
  /** Seconds; of a cluster, those of the master started last. */
  uptime: number
}

/** Ask a Redis about itself. INFO is not billed. */
export async function redisFacts(client: RedisClient): Promise<RedisFacts> {
  const reports = await infoOf(client)
  const sum = (field: string) => reports.reduce((total, report) => total + numberIn(report, field), 0)
  return {
    connected: true,
    mode: redisTarget().kind,
    version: fieldIn(reports[0] ?? "", "redis_version") ?? "unknown",
    usedMemory: toHuman(sum("used_memory")),
    connectedClients: sum("connected_clients"),
    uptime: Math.min(...reports.map((report) => numberIn(report, "uptime_in_seconds"))),
  }
}

/** What INFO says, or a section of it: of each master of a cluster, else of the one there is. */
export async function infoOf(client: RedisClient, ...section: [] | [string]): Promise<string[]> {
  const nodes = client instanceof Cluster ? client.nodes("master") : [client]
  return await Promise.all(nodes.map((node) => (section.length ? node.info(section[0]) : node.info())))
}

/** A number that INFO tells; 0 when it does not. */
export const numberIn = (report: string, field: string) =>
  Number(/^\d+/.exec(fieldIn(report, field) ?? "0")?.[0] ?? 0)

/** A field of INFO. */
export const fieldIn = (report: string, field: string) =>
  new RegExp(`^${field}:(\\S+)`, "m").exec(report)?.[1]

const UNITS = ["B", "K", "M", "G", "T"]

function toHuman(bytes: number): string {
  let size = bytes
  let unit = 0
  for (; size >= 1024 && unit < UNITS.length - 1; unit++) size /= 1024
  return `${unit ? size.toFixed(2) : size}${UNITS[unit]}`
}
