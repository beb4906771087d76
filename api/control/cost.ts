import type { z } from "zod"
import { RedisUnavailable } from "../../lib/errors.ts"
import { createLog } from "../../lib/log.ts"
import { onRedis } from "../../lib/queues.ts"
import { readUsage, type Usage, usageSince } from "../../lib/redis/usage.ts"
import { HttpError } from "../errors.ts"
import type { toldCost } from "./told.ts"

/** Upstash, pay as you go. */
const RATE = { centsPer100k: 20, source: "https://upstash.com/docs/redis/overall/billing" }

const HOUR = 3_600_000
const HOURS_PER_MONTH = 730

/** Milliseconds between two readings, and for which there have to be some before they tell more than those since the start of Redis. */
const EVERY = 60_000
const TELLING = 10 * 60_000

/** Reads every minute what Redis has done, so that the last hour can be told of. Reading is not billed. */
export function createCostMeter(
  read: () => Promise<Usage | undefined> = () => onRedis((client) => readUsage(client)),
) {
  let readings: Usage[] = []

  const take = async (): Promise<Usage | undefined> => {
    const latest = await read()
    if (!latest) return undefined
    // Fewer than before: Redis was started anew, or has another master.
    if (latest.all < (readings.at(-1)?.all ?? 0)) readings = []
    readings = [...readings.filter(({ to }) => latest.to - to <= HOUR), latest]
    return latest
  }
  return {
    /** Read from now on, until stopped. Keeps no process alive. */
    start() {
      const look = () => void take().catch(missed)
      const timer = setInterval(look, EVERY).unref()
      look()
      return { stop: () => clearInterval(timer) }
    },
    /** What Redis costs at the pace of the last hour, or since its start while less is known. Throws 503 and RedisUnavailable. */
    async tell(): Promise<z.output<typeof toldCost>> {
      const latest = await take()
      if (!latest)
        throw new HttpError(
          503,
          "This Redis does not tell what it does (INFO commandstats): ask its provider's console",
        )
      const oldest = readings[0]
      const usage = oldest && latest.to - oldest.to >= TELLING ? usageSince(oldest, latest) : latest
      return {
        ...priceOf(usage, "all"),
        withoutScripts: priceOf(usage, "ofClients"),
        measuredSeconds: Math.round((usage.to - usage.from) / 1_000),
        rate: RATE,
      }
    },
  }
}

/** Of a Redis that is away others tell; the next reading is as good. */
const missed = (error: unknown) =>
  error instanceof RedisUnavailable || createLog("API").error("What Redis does cannot be read", { error })

function priceOf(usage: Usage, which: "all" | "ofClients") {
  const commandsPerHour = Math.round((usage[which] / (usage.to - usage.from)) * HOUR)
  const monthlyCents = Math.round((commandsPerHour * HOURS_PER_MONTH * RATE.centsPer100k) / 100_000)
  return { commandsPerHour, monthlyCents }
}

let meter: ReturnType<typeof createCostMeter> | undefined

/** The meter of this process. */
export function costMeter() {
  meter ??= createCostMeter()
  return meter
}
