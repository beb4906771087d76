import { createLog } from "../log.ts"
import { pingRedis, type RedisClient, untilReady } from "./connect.ts"
import { fieldIn, infoOf } from "./facts.ts"

/** Once Redis is there, log what is wrong with how it is set up. */
export async function warnOfRedis(client: RedisClient) {
  const log = createLog("Redis")
  try {
    await untilReady(client)
    for (const warning of await redisWarnings(client)) log.warn(warning)
  } catch (error) {
    log.warn("Could not read how Redis is set up", { error })
  }
}

/** What is wrong with how this Redis is set up, a sentence each; none is the usual answer. */
export async function redisWarnings(client: RedisClient): Promise<string[]> {
  await pingRedis(client)
  const policies = new Set((await memoryReports(client)).map(evictionPolicy))
  return [...policies]
    .filter((policy) => policy !== undefined && policy !== "noeviction")
    .map(
      (policy) =>
        `Redis evicts keys (maxmemory-policy ${policy}) and can lose runs: set maxmemory-policy to noeviction`,
    )
}

/** What each Redis that holds keys tells of its memory. INFO and not CONFIG GET: hosted services refuse the latter, and Upstash does not bill the former. */
export const memoryReports = (client: RedisClient) => infoOf(client, "memory")

const evictionPolicy = (report: string) => fieldIn(report, "maxmemory_policy")
