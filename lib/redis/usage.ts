import type { RedisClient } from "./connect.ts"
import { infoOf, numberIn } from "./facts.ts"

/** What a hosted Redis does not bill, after https://upstash.com/docs/redis/howto/getstartedawslambda, and what replicas ask. */
const FREE = new Set(["auth", "client", "command", "hello", "info", "ping", "psync", "quit", "replconf"])

/** What no script can hold: these are asked by clients alone. */
const OF_CLIENTS =
  /^(?:eval|evalsha|fcall)(?:_ro)?$|^(?:b[lrz]\w+|[ps]?(?:un)?subscribe|multi|exec|discard|watch|script|select)$/

/** Commands that a Redis has done between two moments, in milliseconds. */
export interface Usage {
  from: number
  to: number
  /** Those of clients and those inside scripts: the most that may be billed. */
  all: number
  /** Those that clients alone ask: the fewest that are billed. */
  ofClients: number
}

/** Count what a Redis has done since it was started; undefined when it does not tell, as hosted services may. */
export async function readUsage(client: RedisClient, now = Date.now()): Promise<Usage | undefined> {
  const [commands, servers] = await Promise.all([infoOf(client, "commandstats"), infoOf(client, "server")])
  const counts = commands.flatMap(countsIn)
  if (!counts.length) return undefined
  const billed = counts.filter(({ name }) => !FREE.has(name))
  const sum = (of: typeof counts) => of.reduce((total, { calls }) => total + calls, 0)
  const seconds = Math.min(...servers.map((report) => numberIn(report, "uptime_in_seconds")))
  return {
    from: now - Math.max(1, seconds) * 1_000,
    to: now,
    all: sum(billed),
    ofClients: sum(billed.filter(({ name }) => OF_CLIENTS.test(name))),
  }
}

/** What it has done since an earlier count. */
export const usageSince = (earlier: Usage, latest: Usage): Usage => ({
  from: earlier.to,
  to: latest.to,
  all: latest.all - earlier.all,
  ofClients: latest.ofClients - earlier.ofClients,
})

/** Calls by command; those of its subcommands, `client|list`, count as the command's. */
const countsIn = (report: string) =>
  [...report.matchAll(/^cmdstat_([\w-]+)\S*:calls=(\d+)/gm)].map(([, name, calls]) => ({
    name: name!.toLowerCase(),
    calls: Number(calls),
  }))
